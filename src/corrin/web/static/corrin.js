// Answers while somebody types. The browser parses what comes back ("document"); nothing is stored.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const form = $("intake"), answer = $("answer"), bar = $("bar"), text = $("chart-text");
  let timer, request, before;
  const put = (doc) => {
    for (const one of doc.querySelectorAll("#answer details")) one.open = $(one.id) && $(one.id).open;
    for (const part of [answer, bar]) part.replaceChildren(...doc.getElementById(part.id).childNodes);
    text.value = doc.getElementById("chart-text").textContent;
    for (const note of document.querySelectorAll("[data-note]")) {
      const fresh = doc.getElementById(note.id);
      note.textContent = fresh ? fresh.textContent : "";
      note.className = fresh ? fresh.className : "note";
      document.querySelector(`[aria-describedby="${note.id}"]`).ariaInvalid = note.className !== "note";
    }
    answer.className = "";
  };
  const lost = () => {
    answer.className = "stale";
    bar.textContent = "No answer from the service: what is shown is old.";
  };
  const ask = () => {
    if (request) request.abort();
    const now = request = new XMLHttpRequest();
    now.open("POST", form.action);
    now.responseType = "document";
    now.setRequestHeader("X-Part", "answer");
    now.timeout = 10000;
    now.onload = () => (now.status === 200 && now.response ? put(now.response) : lost());
    now.onerror = now.ontimeout = lost;
    now.send(new URLSearchParams(new FormData(form)));
  };
  const fill = (entries) => {
    const left = {};
    for (const [name, value] of entries) (left[name] ||= []).push(value);
    for (const one of form.elements) {
      const given = left[one.name] || [];
      if (one.type === "radio") one.checked = given.includes(one.value);
      else if (one.name !== "case.profile") one.value = given.shift() || "";
    }
    ask();
  };
  const clear = (event) => {
    event.preventDefault();
    before = [...new FormData(form)];
    fill([]);
    $("undo").hidden = false;
    $("undo").focus();
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 30);
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.formAction !== form.action) return;
    event.preventDefault();
    ask();
    bar.focus();
  });
  $("clear").addEventListener("click", clear);
  $("undo").addEventListener("click", () => {
    fill(before);
    $("undo").hidden = true;
    $("clear").focus();
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.target.matches("select, textarea, [type=date], .value, .when")) clear(event);
  });
  addEventListener("beforeprint", () => answer.querySelectorAll("details").forEach((one) => (one.open = true)));
  $("copy").hidden = !navigator.clipboard;
  $("copy").addEventListener("click", async () => {
    await navigator.clipboard.writeText(text.value).catch(() => text.select());
    $("copied").textContent = "Copied";
  });
})();

// Answers while somebody types; nothing is stored.
const $ = (id) => document.getElementById(id);
const on = (where, what, run) => where.addEventListener(what, run);
const form = $("intake"), answer = $("answer"), bar = $("bar"), text = $("chart-text");
let timer, request, before, held;
const put = (doc) => {
  for (const one of doc.querySelectorAll("#answer details")) one.open = $(one.id)?.open;
  for (const part of [answer, bar, $("when")]) part.replaceChildren(...doc.getElementById(part.id).childNodes);
  text.value = doc.getElementById("chart-text").textContent;
  for (const note of document.querySelectorAll("[data-note]")) {
    const fresh = doc.getElementById(note.id);
    note.textContent = fresh?.textContent ?? "";
    note.className = fresh?.className ?? "note";
    document.querySelector(`[aria-describedby="${note.id}"]`).ariaInvalid = note.className !== "note";
  }
  answer.className = "";
};
const lost = () => {
  answer.className = "stale";
  bar.textContent = "No answer from the service: what is shown is old.";
};
const ask = (at) => {
  at?.classList.add("changed");
  request?.abort();
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
  document.body.classList.toggle("cleared", !entries[0]);
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
  $("undo").focus();
};
on(form, "input", ({ target }) => {
  clearTimeout(timer);
  timer = setTimeout(ask, 30, target);
});
// Choosing it again, or Delete, takes a choice back.
const back = (one) => ask(one, (one.checked = held = false));
on(form, "pointerdown", ({ target }) => (held = target.closest("label")?.querySelector(":checked")));
on(form, "click", ({ target }) => target === held && back(target));
on(form, "submit", (event) => {
  if (event.submitter?.hasAttribute("formaction")) return;
  event.preventDefault();
  ask();
  bar.focus();
});
on($("clear"), "click", clear);
on($("undo"), "click", () => {
  fill(before);
  $("clear").focus();
});
on(window, "keydown", (event) => {
  const { key, target } = event;
  if (key === "Escape" && !target.matches("select, :read-write")) clear(event);
  if (key === "Delete" && target.checked) back(target);
});
$("copy").hidden = !navigator.clipboard;
on($("copy"), "click", () => navigator.clipboard.writeText(text.value).then(() => ($("copied").textContent = "Copied"), () => text.select()));

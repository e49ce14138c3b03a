// Resources on standard input as a JSON list; what is wrong with them on standard output as a JSON list.
const { Fhir } = require("fhir");

const fhir = new Fhir();
const resources = JSON.parse(require("fs").readFileSync(0, "utf8"));
const wrong = [];
for (const resource of resources.flatMap((one) => [one, ...(one.contained || [])])) {
  const said = fhir.validate(resource, { errorOnUnexpected: true });
  for (const message of said.messages) {
    if (message.severity === "error" || message.severity === "fatal") {
      wrong.push(`${resource.resourceType}/${resource.id}: ${message.location}: ${message.message}`);
    }
  }
}
process.stdout.write(JSON.stringify(wrong));

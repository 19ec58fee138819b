// The form that starts an execution.
import {api} from "./api.js";
import {errorBox, executionHref, h, link, machineHref, pageHead} from "./dom.js";

export async function startPage(page, name) {
  page.title(`Start ${name}`);
  const machine = await api.machine(name, page.signal);
  const problem = h("div");
  const wrong = h("p", {class: "field-error", id: "input-error", role: "alert"});
  const nameField = h("input", {id: "name", maxlength: "80", autocomplete: "off", spellcheck: "false", placeholder: "Made up when left empty"});
  const inputField = h("textarea", {id: "input", rows: "12", spellcheck: "false", "aria-describedby": "input-error", oninput: check}, "{}");
  const submit = h("button", {class: "button primary", type: "submit"}, "Start execution");

  function check() {
    let message = "";
    try {
      JSON.parse(inputField.value);
    } catch (error) {
      message = `Not JSON: ${error.message}`;
    }
    wrong.textContent = message;
    inputField.setAttribute("aria-invalid", String(message !== ""));
    return message === "";
  }

  async function start(event) {
    event.preventDefault();
    if (!check()) {
      inputField.focus();
      return;
    }
    submit.disabled = true;
    try {
      const body = {inputText: inputField.value};  // as text: JavaScript would change long numbers
      if (nameField.value.trim()) body.name = nameField.value.trim();
      const execution = await api.start(name, body);
      if (!page.signal.aborted) page.go(executionHref(execution.executionArn));
    } catch (error) {
      problem.replaceChildren(errorBox(error));
      submit.disabled = false;
    }
  }

  page.root.append(
    h("p", {class: "crumbs"}, link("/", "State machines"), " / ", link(machineHref(name), machine.name)),
    pageHead("Start execution"),
    problem,
    h("form", {class: "form", onsubmit: start},
      h("label", {for: "name"}, "Name"), nameField,
      h("label", {for: "input"}, "Input"), inputField, wrong,
      h("div", {class: "actions"}, submit, link(machineHref(name), "Cancel", {class: "button"}))));
  inputField.focus();
}

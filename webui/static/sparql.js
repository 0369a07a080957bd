// The editor of the SPARQL page, for those who asked for it: the text field stays what is sent.
"use strict";
(() => {
  const field = document.querySelector("textarea[data-editor]");
  if (!field || !window.CodeMirror) return;
  const editor = CodeMirror.fromTextArea(field, {
    mode: "application/sparql-query",
    lineNumbers: true,
    lineWrapping: true,
    matchBrackets: true,
    direction: "ltr",
    inputStyle: "contenteditable", // what screen readers read best
    screenReaderLabel: field.dataset.editor,
    extraKeys: {
      Tab: false, // Tab leaves the field, as everywhere on a page
      "Shift-Tab": false,
      "Ctrl-Enter": () => field.form.requestSubmit(),
      "Cmd-Enter": () => field.form.requestSubmit(),
    },
  });
  field.required = false; // it is hidden now, and a browser could not point to it
  document.querySelector('label[for="query"]').addEventListener("click", () => editor.focus());
})();

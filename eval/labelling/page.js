"use strict";
const at = (id) => document.getElementById(id);
let now = null; // the question shown, as the server sent it
let page = 1;

function showPage(number) {
  page = Math.min(Math.max(1, number), now.pages);
  at("whole").src = `/page/${page}.png`;
}

function show(state) {
  now = state;
  at("state").textContent = `${state.case}　${state.answered} / ${state.total}`;
  const done = state.name === null;
  at("words").textContent = done ? "全部录完" : state.words;
  for (const id of ["answer", "accept", "blank", "unreadable"]) at(id).disabled = done;
  at("crop").hidden = !state.crop;
  if (state.crop) at("crop").src = `/crop/${state.index}.png`;
  at("answer").value = state.answer ?? "";
  showPage(state.page ?? page);
  at("answer").focus();
  at("answer").select();
}

async function send(path, body) {
  const reply = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  if (!reply.ok) { at("words").textContent = `没有存上：${await reply.text()}`; return; }
  show(await reply.json());
}

const give = (answer) => now.name !== null && send("/answer", { name: now.name, answer });
function accept() {
  const text = at("answer").value.trim();
  if (text !== "") give(text);
}

at("accept").onclick = accept;
at("blank").onclick = () => give("");
at("unreadable").onclick = () => give(null);
at("back").onclick = () => send("/go", { index: now.index - 1 });
document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const keys = {
    Enter: accept,
    F2: () => give(""),
    F3: () => give(null),
    F4: () => send("/go", { index: now.index - 1 }),
    PageUp: () => showPage(page - 1),
    PageDown: () => showPage(page + 1),
  };
  if (event.target.tagName === "BUTTON" && event.key === "Enter") return;
  if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
});
send("/go", {});

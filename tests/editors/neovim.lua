-- Neovim as a client of `plaincrm lsp`, without a window, set up as docs/editors.md says (tried with 0.7.2 and 0.11.4):
--   nvim --headless -u NONE -l tests/editors/neovim.lua        from 0.9 on
--   nvim --headless -u NONE -S tests/editors/neovim.lua        before
-- Run it in a copy of example-vault with plaincrm on the PATH. It prints what it saw, and fails where that is wrong.
local note = "customers/companies/kahvila-aurinko.md"
local here = debug.getinfo(1, "S").source:sub(2):match("^(.*)/tests/editors/") or "."
local page = table.concat(vim.fn.readfile(here .. "/docs/editors.md"), "\n")
local set_ups = {}
for block in page:gmatch("```lua\n(.-)```") do table.insert(set_ups, block) end
vim.env.PLAINCRM_TODAY = "2026-11-21"
vim.cmd("filetype on")

local function wait(what, condition)
  local seen
  if not vim.wait(20000, function() seen = condition() return seen end, 50) then
    print("MISSED: " .. what .. "\n")
    vim.cmd("cquit 1")
  end
  print("saw: " .. what .. "\n")
  return seen
end

local function ask(method, line, column, more)
  local params = vim.tbl_extend("force", {
    textDocument = { uri = vim.uri_from_bufnr(0) },
    position = { line = line, character = column },
  }, more or {})
  local answers = vim.lsp.buf_request_sync(0, method, params, 20000)
  for _, answer in pairs(answers or {}) do return answer.result end
end

local function find(words)
  for number, text in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local from, to = text:find(words, 1, true)
    if from then return number - 1, to end
  end
end

if vim.lsp.config then -- 0.11
  assert(loadstring(set_ups[1]))()
elseif vim.lsp.start then -- 0.8
  assert(loadstring(set_ups[2]))()
end
vim.cmd("edit " .. note)
if not vim.lsp.start then
  vim.lsp.buf_attach_client(0, vim.lsp.start_client({ name = "plaincrm", cmd = { "plaincrm", "lsp" }, root_dir = vim.fn.getcwd() }))
end
local clients = vim.lsp.get_clients or vim.lsp.get_active_clients
wait("the server is there", function() return clients()[1] and clients()[1].initialized end)
local counting = clients()[1].offset_encoding

local line = find("next: ")
vim.api.nvim_buf_set_lines(0, line, line + 1, false, { "next: 1.12.2026" })
local fault = wait("a fault as it is typed", function()
  for _, item in ipairs(vim.diagnostic.get(0)) do if item.code == "bad-date" then return item end end
end)
assert(fault.lnum == line and fault.col == 6, "its place")

local span = { start = { line = line, character = 6 }, ["end"] = { line = line, character = 6 } }
local actions = ask("textDocument/codeAction", 0, 0, { range = span, context = { diagnostics = {}, only = { "quickfix" } } })
local action = actions[1].edit and actions[1] or vim.lsp.buf_request_sync(0, "codeAction/resolve", actions[1], 20000)[1].result
vim.lsp.util.apply_workspace_edit(action.edit, counting)
assert(vim.api.nvim_buf_get_lines(0, line, line + 1, false)[1] == "next: 2026-12-01", "mended")
wait("no fault any more", function() return #vim.diagnostic.get(0) == 0 end)

local last = vim.api.nvim_buf_line_count(0)
vim.api.nvim_buf_set_lines(0, last, last, false, { "See 🙂 [[salo" })
local items = wait("a customer completed", function()
  local found = ask("textDocument/completion", last, counting == "utf-8" and 15 or 13)
  return found and #found.items > 0 and found.items
end)
assert(items[1].label == "Salo Consulting Oy", items[1].label)
vim.lsp.util.apply_text_edits({ items[1].textEdit }, vim.api.nvim_get_current_buf(), counting)
local row = find("See 🙂 [[salo-consulting]]")
assert(row == last, "completed in its place")
assert(ask("textDocument/definition", last, 10)[1].uri:match("salo%-consulting.md$"), "definition")
assert(ask("textDocument/hover", last, 10).contents.value:match("^# Salo Consulting Oy"), "hover")
print("saw: definition and hover\n")

vim.lsp.util.apply_workspace_edit(ask("textDocument/rename", last, 10, { newName = "Salo Oy" }), counting)
assert(find("See 🙂 [[salo-oy]]") == last, "the link renamed")
assert(vim.fn.filereadable("customers/companies/salo-oy.md") == 1, "the file renamed")
print("saw: a customer renamed, its file and its links\n")
vim.cmd("qall!")

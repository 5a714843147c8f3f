;;; Emacs as a client of `plaincrm lsp`, without a window, set up as docs/editors.md says (tried with Emacs 28.2,
;;; eglot 1.9 and markdown-mode 2.5):
;;;   emacs --batch -l tests/editors/eglot.el
;;; Run it in a copy of example-vault with plaincrm on the PATH. It prints what it saw, and fails where that is wrong.
(require 'package)
(package-initialize)
(require 'eglot)
(require 'flymake)

(defun plaincrm-wait (what condition)
  "Wait until CONDITION holds; say WHAT was seen."
  (let ((end (+ (float-time) 20)) found)
    (while (and (not (setq found (funcall condition))) (< (float-time) end))
      (accept-process-output nil 0.1))
    (unless found (message "MISSED: %s" what) (kill-emacs 1))
    (message "saw: %s" what)
    found))

(defun plaincrm-fault (words)
  "The fault that says WORDS, if it is shown."
  (flymake-start)
  (seq-find (lambda (item) (string-match-p words (flymake-diagnostic-text item))) (flymake-diagnostics)))

(defun plaincrm-see (what condition)
  "Fail unless CONDITION holds; say WHAT was seen."
  (plaincrm-wait what (lambda () condition)))

(setq eglot-sync-connect 20)
(fset 'y-or-n-p #'always) ; eglot asks before it edits other files
(setenv "PLAINCRM_TODAY" "2026-11-21")
(with-temp-buffer
  (insert-file-contents (expand-file-name "../../docs/editors.md" (file-name-directory load-file-name)))
  (search-forward "```elisp\n")
  (eval-region (point) (progn (search-forward "```") (match-beginning 0))))

(find-file "customers/companies/kahvila-aurinko.md")
(run-hooks 'post-command-hook) ; by which eglot-ensure starts the server
(plaincrm-wait "the server is there" #'eglot-current-server)

(goto-char (point-min))
(search-forward "next: 2026-12-01")
(replace-match "next: 1.12.2026")
(eglot--signal-textDocument/didChange)
(plaincrm-wait "a fault as it is typed" (lambda () (plaincrm-fault "is no date")))

(search-backward "1.12.2026")
(let ((action (seq-find (lambda (item) (string-prefix-p "Mend bad-date" (plist-get item :title)))
                        (eglot-code-actions (point) (point)))))
  (eglot--apply-workspace-edit (plist-get action :edit)))
(goto-char (point-min))
(plaincrm-see "the fault mended" (search-forward "\nnext: 2026-12-01\n" nil t))

(goto-char (point-max))
(insert "See 🙂 [[salo")
(eglot--signal-textDocument/didChange)
(plaincrm-wait "a customer completed"
  (lambda () (pcase-let ((`(,start ,end ,table . ,_) (eglot-completion-at-point)))
               (and start (member "Salo Consulting Oy" (all-completions (buffer-substring start end) table))))))
(insert "-consulting]]")
(eglot--signal-textDocument/didChange)
(search-backward "consulting")
(eglot-rename "Salo Oy")
(goto-char (point-min))
(plaincrm-see "the customer renamed" (with-current-buffer (find-file-noselect "../companies/salo-consulting.md")
                                       (goto-char (point-min))
                                       (search-forward "name: Salo Oy" nil t)))
(eglot-shutdown (eglot-current-server))

"""How far the notes of a large vault are read, in the editor's own progress bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from plaincrm.live.lsp.server import Server


class Reading:
    """One time that notes are read: the editor is asked for a bar, and told of it once it has one."""

    def __init__(self, server: Server, token: str) -> None:
        self.server, self.token = server, token
        self.asked = self.begun = self.ended = False

    def tell(self, done: int, total: int) -> None:
        """So many notes of so many are read."""
        window = self.server.client_capabilities.window
        if not (window and window.work_done_progress):
            return
        percentage = 100 * done // total
        if self.begun:
            self._say(types.WorkDoneProgressReport(message=f"{done} of {total}", percentage=percentage))
        elif not self.asked:
            self.asked = True
            asked = types.WorkDoneProgressCreateParams(self.token)
            self.server.window_work_done_progress_create(asked, lambda _answer: self._begin(percentage))

    def _begin(self, percentage: int) -> None:
        if not self.ended:
            self.begun = True
            self._say(types.WorkDoneProgressBegin("plaincrm: reading notes", percentage=percentage))

    def end(self) -> None:
        """All are read."""
        if self.begun and not self.ended:
            self._say(types.WorkDoneProgressEnd())
        self.ended = True

    def _say(
        self, value: types.WorkDoneProgressBegin | types.WorkDoneProgressReport | types.WorkDoneProgressEnd
    ) -> None:
        self.server.progress(types.ProgressParams(self.token, value))

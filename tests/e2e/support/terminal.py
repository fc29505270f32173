"""A program on a terminal of a given width."""
import fcntl
import os
import pty
import struct
import termios


class OnTerminal:
    def __init__(self, arguments, width, environment):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            try:
                # before the program looks
                fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack('HHHH', 24, width, 0, 0))
                os.execvpe(arguments[0], arguments, environment)
            finally:
                os._exit(127)

    def finish(self):
        """The exit status and all that was printed, with line ends as in a file."""
        printed = b''
        while True:
            try:
                chunk = os.read(self.terminal, 65536)
            except OSError:  # EIO: nobody has the other end any more
                break
            if not chunk:
                break
            printed += chunk
        os.close(self.terminal)
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return status, printed.decode().replace('\r\n', '\n')


def run_on_terminal(arguments, width, environment, wait=True):
    """(exit status, output); without `wait` what is to be finished."""
    started = OnTerminal(arguments, width, environment)
    return started.finish() if wait else started

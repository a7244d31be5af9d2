"""Plays systemd for one service in a root directory: holds its sockets, starts it as its user with its credential,
starts it again on SIGHUP and ends with it on SIGTERM.

Usage: hold_sockets.py ROOT ADDRESS_FILE   (the addresses of both listeners are written there)
"""
import os
import shutil
import signal
import socket
import subprocess
import sys

root, address_file = sys.argv[1:3]


def listening_socket():
    made = socket.create_server(("127.0.0.1", 0), backlog=4096)
    return made, "127.0.0.1:%d" % made.getsockname()[1]


public, public_address = listening_socket()
internal, internal_address = listening_socket()

with open(os.path.join(root, "etc/passwd")) as users:
    user, group = next(line.split(":")[2:4] for line in users if line.startswith("wxlogind:"))

# LoadCredential=
credentials = os.path.join(root, "run/credentials")
os.makedirs(credentials, mode=0o700, exist_ok=True)
shutil.copy(os.path.join(root, "etc/wxlogind/appsecret"), credentials)
for each in (credentials, os.path.join(credentials, "appsecret")):
    os.chown(each, int(user), int(group))


def start():
    script = (
        'exec 3<&%d 4<&%d; LISTEN_PID=$$ LISTEN_FDS=2 LISTEN_FDNAMES=public:internal'
        ' CREDENTIALS_DIRECTORY=/run/credentials'
        ' exec setpriv --reuid %s --regid %s --clear-groups --no-new-privs --bounding-set -all --'
        ' /usr/bin/wxlogind serve --config /etc/wxlogind/wxlogind.toml' % (20, 21, user, group)
    )
    os.dup2(public.fileno(), 20, inheritable=True)
    os.dup2(internal.fileno(), 21, inheritable=True)
    # It has to get the signals that are blocked here.
    return subprocess.Popen(
        ["chroot", root, "bash", "-c", script],
        pass_fds=(20, 21),
        preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, signals),
    )


def stop(service):
    service.send_signal(signal.SIGTERM)
    return service.wait()


signals = {signal.SIGHUP, signal.SIGTERM}
signal.pthread_sigmask(signal.SIG_BLOCK, signals)
service = start()
with open(address_file + ".new", "w") as file:
    file.write("%s %s\n" % (public_address, internal_address))
os.rename(address_file + ".new", address_file)
while signal.sigwait(signals) == signal.SIGHUP:
    stop(service)
    service = start()
sys.exit(stop(service))

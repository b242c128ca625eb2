#!/usr/bin/python3
"""A mail server for tests, with every fault that one may have: each mode below listens on a port of its own of 127.0.0.1; the argument
is that of "plain", or 0. Prints "smtp FOLDER" once it listens, obeys a line at a time with "ok", and ends with its input. In the folder:

    ports                  "MODE PORT", a line each
    ca.pem                 the throw-away authority that vouches for the good certificate, and for the other two
    N.eml, N.json          the Nth mail that came: its bytes; who sent it to whom, how it signed in, and what a reader sees of it

Who signs in is ada@dewar.example with the password "engine no. 1", or with the access token "token of ada".
"""
import asyncio
import base64
import datetime
import email
import email.policy
import json
import logging
import pathlib
import ssl
import subprocess
import sys
import tempfile
import warnings

from aiosmtpd.smtp import SMTP, AuthResult

NAME, PASSWORD, TOKEN = b"ada@dewar.example", b"engine no. 1", b"token of ada"


def make_certificates(folder):
    """ca.pem, and for each name below NAME.pem with its key in the same file."""

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    openssl("req", "-x509", *new_key, "-days", "2", "-subj", "/CN=Throw-away CA", "-keyout", "ca.key", "-out", "ca.pem")
    # Of all ways to make a certificate that has expired, the one that openssl 3.0 and 3.5 both know.
    (folder / "ca.conf").write_text("[ca]\ndefault_ca = all\n[all]\ndatabase = issued\nnew_certs_dir = .\ndefault_md = sha256\n"
                                    "rand_serial = yes\nunique_subject = no\npolicy = any\n[any]\ncommonName = supplied\n")
    (folder / "issued").touch()
    now = datetime.datetime.now(datetime.timezone.utc)
    for name, host, days in ("good", "localhost", 2), ("other", "mail.example", 2), ("expired", "localhost", -1):
        start, end = (f"{now + datetime.timedelta(day):%Y%m%d%H%M%SZ}" for day in (-2, days))
        (folder / "names").write_text(f"subjectAltName=DNS:{host}\n")
        openssl("req", *new_key, "-subj", f"/CN={host}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        openssl("ca", "-batch", "-notext", "-config", "ca.conf", "-cert", "ca.pem", "-keyfile", "ca.key", "-in", f"{name}.csr",
                "-startdate", start, "-enddate", end, "-extfile", "names", "-out", f"{name}.crt")
    openssl("req", "-x509", *new_key, "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            "-keyout", "self.key", "-out", "self.crt")
    for name in "good", "other", "expired", "self":
        (folder / f"{name}.pem").write_text((folder / f"{name}.crt").read_text() + (folder / f"{name}.key").read_text())


def describe(session, envelope):
    """What somebody who reads the mail sees of it."""
    message = email.message_from_bytes(envelope.content, policy=email.policy.default)
    body = {part.get_content_type(): part.get_content() for part in message.walk() if not part.is_multipart()}
    return {
        "signed_in": (session.auth_data or {}).get("how", ""),
        "envelope_from": envelope.mail_from,
        "envelope_to": envelope.rcpt_tos,
        "greeted_as": session.host_name,
        "tls": session.ssl is not None,
        "content_type": message.get_content_type(),
        "parts": list(body),
        "text": body.get("text/plain", ""),
        "html": body.get("text/html", ""),
        "line_max": max(len(line) for line in envelope.content.split(b"\r\n") if b"; boundary=" not in line),
        "is_ascii": envelope.content.isascii(),
        **{name.lower().replace("-", "_"): str(message[name] or "")
           for name in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Auto-Submitted")},
    }


class Handler:
    """A server without a fault; each mode overrides the step at which its fault is."""

    folder = None
    count = 0

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        return self.capabilities(responses)

    def capabilities(self, responses):
        return responses

    async def auth_XOAUTH2(self, server, args):
        given = await server.challenge_auth("") if len(args) == 1 else base64.b64decode(args[1])
        good = given == b"user=" + NAME + b"\x01auth=Bearer " + TOKEN + b"\x01\x01"
        return AuthResult(success=good, handled=False, auth_data={"how": "XOAUTH2"})

    async def handle_DATA(self, server, session, envelope):
        Handler.count += 1
        (self.folder / f"{Handler.count}.eml").write_bytes(envelope.content)
        (self.folder / f"{Handler.count}.json").write_text(json.dumps(describe(session, envelope)))
        return f"250 2.0.0 queued as {Handler.count}"


def replying(step, reply):
    """A handler whose `step` always says `reply`, or hangs or drops the connection."""

    async def answer(self, server, *_):
        if reply == "hang":
            await asyncio.sleep(3600)
        if reply == "drop":
            server.transport.abort()
            await asyncio.sleep(3600)
        return reply

    return type("Faulty", (Handler,), {"handle_" + step: answer})()


class Silent(Handler):
    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        await asyncio.sleep(3600)


class WithoutAuth(Handler):
    def capabilities(self, responses):
        return [line for line in responses if "AUTH" not in line]


class WithOtherAuth(Handler):
    def capabilities(self, responses):
        return ["250-AUTH GSSAPI NTLM" if "AUTH" in line else line for line in responses]


class Choosy(Handler):
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address != NAME.decode():
            return "550 5.1.1 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"


class Garrulous(Handler):
    """Repeats the password, as some servers do in their errors."""

    async def handle_MAIL(self, *_):
        return f"550 5.7.1 {PASSWORD.decode()} is no way to sign in"


def authenticate(server, session, envelope, mechanism, data):
    good = (data.login, data.password) == (NAME, PASSWORD)
    return AuthResult(success=good, handled=False, auth_data={"how": mechanism})


def deny(server, session, envelope, mechanism, data):
    return AuthResult(success=False, handled=False,
                      message="535-5.7.8 Username and Password not accepted. For more information, go to\r\n"
                              "535 5.7.8 https://support.example/?p=BadCredentials")


async def say(writer, line):
    if line:
        writer.write(line)
        await writer.drain()
    if line.startswith(b"421"):
        writer.close()
        return
    await asyncio.sleep(3600)


async def serve(folder):
    def context(name):
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(folder / f"{name}.pem")
        return made

    loop = asyncio.get_running_loop()
    ports = {}

    async def smtp(mode, handler=None, implicit=False, certificate="good", starttls=True, port=0, **options):
        tls = context(certificate)
        options.setdefault("authenticator", authenticate)
        options.setdefault("auth_exclude_mechanism", [])
        make = lambda: SMTP(handler or Handler(), hostname="mail.dewar.example", ident="ready", loop=loop,
                            tls_context=tls if starttls and not implicit else None,
                            auth_require_tls=starttls and not implicit, **options)
        server = await loop.create_server(make, "127.0.0.1", port, ssl=tls if implicit else None)
        ports[mode] = server.sockets[0].getsockname()[1]

    async def raw(mode, line):
        server = await asyncio.start_server(lambda _, writer: say(writer, line), "127.0.0.1", 0)
        ports[mode] = server.sockets[0].getsockname()[1]

    Handler.folder = folder
    await smtp("starttls")
    await smtp("implicit", implicit=True)
    await smtp("plain", starttls=False, port=int(sys.argv[1]))
    await smtp("only_login", starttls=False, auth_exclude_mechanism=["PLAIN", "XOAUTH2"])
    await smtp("certificate_of_other", certificate="other")
    await smtp("certificate_self_signed", certificate="self")
    await smtp("certificate_expired", certificate="expired")
    await smtp("login_denied", authenticator=deny)
    await smtp("without_auth", WithoutAuth())
    await smtp("with_other_auth", WithOtherAuth())
    await smtp("sender_refused", replying("MAIL", "553 5.7.1 Mail from must equal authorized user"))
    await smtp("sender_wants_auth", replying("MAIL", "530 5.7.0 Authentication required"))
    await smtp("recipient_550", replying("RCPT", "550 5.1.1 No such user here"))
    await smtp("recipient_451", replying("RCPT", "451 4.7.1 Greylisted, come back later"))
    await smtp("data_554", replying("DATA", "554 5.7.1 Message rejected as spam"))
    await smtp("data_drop", replying("DATA", "drop"))
    await smtp("data_hang", replying("DATA", "hang"))
    await smtp("quit_hang", replying("QUIT", "hang"))
    await smtp("ehlo_hang", Silent())
    await smtp("knows_only_ada", Choosy())
    await smtp("garrulous", Garrulous())
    await raw("greeting_421", b"421 4.7.0 Too many connections, try again later\r\n")
    await raw("not_smtp", b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")
    await raw("black_hole", b"")
    (folder / "ports").write_text("".join(f"{mode} {port}\n" for mode, port in ports.items()))
    print("smtp", folder, flush=True)
    while await loop.run_in_executor(None, sys.stdin.readline):
        print("ok", flush=True)


logging.disable()
warnings.simplefilter("ignore")
with tempfile.TemporaryDirectory(prefix="dewar-smtp-") as temporary:
    make_certificates(pathlib.Path(temporary))
    try:
        asyncio.run(asyncio.wait_for(serve(pathlib.Path(temporary)), None))
    except asyncio.CancelledError:
        pass

# A real mail server (aiosmtpd) for tests. It prints its port, a line for each login, and each e-mail that it takes as a line
# of JSON, read by Python's own parser. Its options come as JSON: starttls, key and cert (files), user, password, mechanisms.
import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

options = json.loads(sys.argv[1])


class Mailbox:
    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address.startswith('refused'):
            return '550 5.1.1 No such user'
        envelope.rcpt_tos.append(address)
        return '250 OK'

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        print(json.dumps({
            'sender': envelope.mail_from,
            'recipients': envelope.rcpt_tos,
            'starttls': session.ssl is not None,
            'user': session.auth_data.login.decode() if session.authenticated else None,
            'subject': message['Subject'],
            'headers': dict(message.items()),
            'text': message.get_content().replace('\r\n', '\n'),
            'defects': [str(defect) for defect in message.defects],
            'raw': envelope.original_content.decode('latin-1'),
        }), flush=True)
        return '250 2.0.0 taken'


def authenticate(server, session, envelope, mechanism, data):
    good = (data.login.decode(), data.password.decode()) == (options['user'], options['password'])
    print('login taken' if good else 'login refused', flush=True)
    return AuthResult(success=good, handled=good, auth_data=data)


def make():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(options['cert'], options['key'])
    starttls = options.get('starttls', False)
    excluded = [name for name in ('PLAIN', 'LOGIN') if name not in options.get('mechanisms', ['PLAIN', 'LOGIN'])]
    server = lambda: SMTP(
        Mailbox(), hostname='mail.example.com', tls_context=context if starttls else None, require_starttls=starttls,
        auth_required='user' in options, auth_require_tls=starttls, authenticator=authenticate,
        auth_exclude_mechanism=excluded)
    return server, None if starttls else context


async def main():
    server, context = make()
    listener = await asyncio.get_running_loop().create_server(server, '127.0.0.1', 0, ssl=context)
    print('listening', listener.sockets[0].getsockname()[1], flush=True)
    await listener.serve_forever()


asyncio.run(main())

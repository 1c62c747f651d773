// Real reverse proxies in front of the program, each as its manual has it: compressing, and saying whom it forwards for.
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';

import { eventually } from './eventually.mjs';
import { Process, temporaryFolder } from './shakehook.mjs';

async function freePort() {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const modules = '/usr/lib/apache2/modules';
const apacheModules = ['mpm_event', 'authz_core', 'proxy', 'proxy_http', 'filter', 'deflate'];

// Each gives the text of its configuration and the command that runs it in the foreground. `host`: whether the proxy
// passes on the Host that it was asked for.
const kinds = {
  nginx: {
    program: 'nginx',
    configuration: ({ folder, port, upstream, host }) => `
      daemon off; user root; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
      events {}
      http {
        access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
        fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
        client_max_body_size 20m;
        gzip on; gzip_types application/json; gzip_min_length 1; gzip_proxied any;
        server {
          listen 127.0.0.1:${port};
          location / {
            proxy_pass http://${upstream};
            ${host ? 'proxy_set_header Host $http_host;' : ''}
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
          }
        }
      }`,
    command: (file, folder) => ['nginx', ['-p', folder, '-e', `${folder}/error.log`, '-c', file]],
  },
  haproxy: {
    program: 'haproxy',
    configuration: ({ port, upstream }) => `
      defaults
        mode http
        timeout connect 5s
        timeout client 60s
        timeout server 60s
        option forwardfor
        compression algo gzip
        compression type application/json
      frontend front
        bind 127.0.0.1:${port}
        default_backend back
      backend back
        server shakehook ${upstream}
`,
    command: (file) => ['haproxy', ['-db', '-f', file]],
  },
  apache: {
    program: 'apache2',
    configuration: ({ folder, port, upstream, host }) => `
      ${apacheModules.map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`).join('\n')}
      ServerName localhost
      ServerRoot ${folder}
      User www-data
      Group www-data
      DefaultRuntimeDir ${folder}
      PidFile ${folder}/apache.pid
      ErrorLog ${folder}/error.log
      Listen 127.0.0.1:${port}
      ProxyPreserveHost ${host ? 'On' : 'Off'}
      ProxyPass /api/stream http://${upstream}/api/stream flushpackets=on
      ProxyPass / http://${upstream}/
      AddOutputFilterByType DEFLATE application/json
      `,
    command: (file) => ['apache2', ['-DFOREGROUND', '-f', file]],
  },
  caddy: {
    program: 'caddy',
    configuration: ({ port, upstream }) => `
{
  admin off
  auto_https off
}
http://127.0.0.1:${port} {
  encode {
    gzip
    minimum_length 1
  }
  reverse_proxy ${upstream}
}
`,
    command: (file) => ['caddy', ['run', '--config', file, '--adapter', 'caddyfile']],
  },
};

export const proxyKinds = Object.keys(kinds);

export const hasProxy = (kind) => spawnSync('sh', ['-c', `command -v ${kinds[kind].program}`]).status === 0;

// Starts one in front of the server, and gives its URL.
export async function startProxy(test, kind, server, { host = true } = {}) {
  const folder = await temporaryFolder(test);
  await mkdir(path.join(folder, 'home'));
  const port = await freePort();
  const file = path.join(folder, 'proxy.conf');
  const upstream = server.url.replace('http://', '');
  await writeFile(file, kinds[kind].configuration({ folder, port, upstream, host }));
  const [program, args] = kinds[kind].command(file, folder);
  const home = path.join(folder, 'home');
  const process = new Process(program, args, { env: { PATH: globalThis.process.env.PATH, HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home } });
  test.after(() => process.end('SIGTERM'));
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => {
    if (!process.running) throw new Error(`${kind} ended:\n${process.output}${process.errors}`);
    return fetch(`${url}/healthz`).then((response) => response.status === 200, () => false);
  }, `${kind} answers`);
  return url;
}

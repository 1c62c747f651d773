// A user installs: a program that needs the C library alone, its licences, its packages.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { cleanEnvironment, Process, program, root, Shakehook, temporaryFolder } from '../harness/shakehook.mjs';

const output = (file, ...args) => execFileSync(file, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20, stdio: ['ignore', 'pipe', 'pipe'] });
const build = process.env.SHAKEHOOK_BUILD ?? path.dirname(program);
const packaging = (script, environment = {}) => execFileSync('bash', ['-euo', 'pipefail', '-c', script], {
  cwd: root, encoding: 'utf8', env: cleanEnvironment({ SHAKEHOOK_BUILD: build, ...environment }),
}).trim();
const digest = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

function neededBy(file) {
  return [...output('readelf', '-d', file).matchAll(/\(NEEDED\).*\[(.*)\]/g)].map(([, library]) => library);
}

test('the program needs no library but the C library', () => {
  const allowed = /^(libc\.so\.6|libm\.so\.6|ld-linux.*\.so\.\d)$/;
  assert.deepEqual(neededBy(program).filter((library) => !allowed.test(library)), []);
});

test('what is installed is stripped, starts anywhere and serves', async (t) => {
  const folder = await temporaryFolder(t);
  packaging(`source packaging/files.sh; install_files '${folder}'`);
  const installed = path.join(folder, 'bin/shakehook');
  assert.doesNotMatch(output('readelf', '-SW', installed), /\.(symtab|debug_\w+)/);
  assert.ok(statSync(installed).size < 18 << 20, `${statSync(installed).size} bytes`);
  const documents = readdirSync(path.join(folder, 'share/doc/shakehook'));
  for (const name of ['LICENSE', 'THIRD_PARTY_NOTICES.txt', 'operations.md', 'configuration.md', 'proxies']) assert.ok(documents.includes(name), name);
  const server = new Process(installed, ['serve', '--listen', '127.0.0.1:0'], { cwd: folder, env: { PATH: '/nowhere' } });
  t.after(() => server.end('SIGKILL'));
  await server.says(/is ready/);
  const [, url] = await server.says(/^ +API +(http\S+)\/api$/m);
  assert.equal((await fetch(`${url}/readyz`)).status, 200);
  assert.match(await (await fetch(url, { headers: { Accept: 'text/html' } })).text(), /<html/);
});

test('--licenses shows the licence and those of all that is inside', () => {
  const shown = output(program, '--licenses');
  for (const text of ['Apache License', 'OpenSSL (Apache-2.0)', 'Boost (BSL-1.0)', 'prometheus-cpp (MIT)', 'SQLite (blessing)', 'react (MIT)', 'GCC RUNTIME LIBRARY EXCEPTION']) {
    assert.ok(shown.includes(text), text);
  }
  assert.ok(shown.includes(readFileSync(path.join(root, 'LICENSE'), 'utf8')));
});

// The sources of the notices exist if the program was built as ./dev builds it, on Debian 12.
const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
const hasSources = /VERSION_ID="12"/.test(release) && existsSync(path.join(root, 'web/node_modules')) && existsSync(path.join(root, 'third_party/sqlite/node_modules'));
const skipSources = hasSources ? false : 'not Debian 12, or npm packages are missing';

test('THIRD_PARTY_NOTICES.txt is what packaging/notices makes', { skip: skipSources }, () => {
  const made = output('node', 'packaging/notices/notices.mjs');
  assert.ok(made === readFileSync(path.join(root, 'THIRD_PARTY_NOTICES.txt'), 'utf8'), 'run: node packaging/notices/notices.mjs >THIRD_PARTY_NOTICES.txt');
});

test('the bill of materials names every library once, with version and licence', { skip: skipSources }, () => {
  const text = output('node', 'packaging/notices/sbom.mjs', program);
  const bom = JSON.parse(text);
  assert.equal(bom.bomFormat, 'CycloneDX');
  const names = bom.components.map(({ name }) => name);
  for (const name of ['OpenSSL', 'SQLite', 'c-ares', 'react', '@mantine/core']) assert.ok(names.includes(name), name);
  for (const component of bom.components) {
    assert.ok(component.version && component.licenses.length > 0 && component.purl.startsWith('pkg:'), JSON.stringify(component));
  }
  const references = bom.components.map((component) => component['bom-ref']);
  assert.equal(new Set(references).size, references.length);
  assert.deepEqual(bom.dependencies[0].dependsOn, references);
  assert.equal(bom.metadata.component.hashes[0].content, digest(program));
  const linked = output(program, '--version').match(/SQLite ([\d.]+)/)[1];
  assert.equal(bom.components.find(({ name }) => name === 'SQLite').version, linked);
  assert.equal(output('node', 'packaging/notices/sbom.mjs', program), text, 'the same each time');
});

const mountNamespace = spawnSync('unshare', ['-m', 'true']).status === 0 ? false : 'no mount namespaces here (needs root)';

// The program on a system that keeps its certificate authorities elsewhere: OpenSSL's own place is empty there.
function trustWith(folder, script, environment = {}) {
  const hide = 'mount --make-rprivate /; for place in /usr/lib/ssl /usr/local/ssl /etc/ssl /etc/pki; do [ -d $place ] && mount -t tmpfs tmpfs $place; done';
  const doctor = spawnSync('unshare', ['-m', 'sh', '-c', `set -e; mkdir -p /etc/pki; ${hide}; ${script}; cd '${folder}'; exec '${program}' doctor --listen 127.0.0.1:0`],
    { encoding: 'utf8', env: cleanEnvironment({ SSL_CERT_FILE: '', SSL_CERT_DIR: '', ...environment }) });
  return doctor.stdout.split('\n').find((line) => line.includes('TLS trust')) ?? doctor.stderr;
}

test('certificate authorities are found where other systems keep them', { skip: mountNamespace }, async (t) => {
  const folder = await temporaryFolder(t);
  const file = path.join(folder, 'authorities.pem');
  execFileSync('cp', ['/etc/ssl/certs/ca-certificates.crt', file]);
  for (const place of ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/ca-bundle.pem', '/etc/ssl/cert.pem']) {
    const line = trustWith(folder, `mkdir -p ${path.dirname(place)}; cp '${file}' ${place}`);
    assert.ok(line.startsWith('ok ') && line.includes(place), line);
  }
  assert.match(trustWith(folder, 'true'), /^BAD .*no certificate authorities/);
  // Whoever names a place means that one alone.
  assert.match(trustWith(folder, `cp '${file}' /etc/ssl/cert.pem`, { SSL_CERT_FILE: '/nowhere.pem' }), /^BAD /);
});

const skipDeb = spawnSync('dpkg-deb', ['--version']).status === 0 ? false : 'dpkg-deb is not installed';

test('the Debian package: what is in it, and that one commit makes one file', { skip: skipDeb }, async (t) => {
  const folder = await temporaryFolder(t);
  const [first, second] = ['a', 'b'].map((name) => packaging(`packaging/deb/build.sh '${folder}/${name}'`));
  assert.equal(digest(first), digest(second));
  const field = (name) => output('dpkg-deb', '-f', first, name).trim();
  assert.equal(field('Package'), 'shakehook');
  assert.equal(field('Version'), output(program, '--version').split(' ')[1]);
  assert.match(field('Depends'), /^libc6 \(>= 2\.\d+\), passwd, init-system-helpers$/);
  const contents = output('dpkg-deb', '-c', first);
  for (const [mode, file] of [['-rwxr-xr-x root/root', './usr/bin/shakehook'], ['-rw-r--r-- root/root', './etc/shakehook/shakehook.toml'],
    ['-rw-r--r-- root/root', './usr/lib/systemd/system/shakehook.service'], ['-rw-r--r-- root/root', './usr/share/doc/shakehook/copyright']]) {
    const line = contents.split('\n').find((each) => each.endsWith(` ${file}`));
    assert.ok(line?.startsWith(mode), line ?? `${file} is missing`);
  }
  const control = path.join(folder, 'control');
  output('dpkg-deb', '-e', first, control);
  assert.equal(readFileSync(path.join(control, 'conffiles'), 'utf8'), '/etc/shakehook/shakehook.toml\n');
  for (const script of ['postinst', 'prerm', 'postrm']) output('sh', '-n', path.join(control, script));
  // The settings that it brings are settings of the program.
  const tree = path.join(folder, 'tree');
  output('dpkg-deb', '-x', first, tree);
  const checked = spawnSync(path.join(tree, 'usr/bin/shakehook'), ['healthcheck', '--config', path.join(tree, 'etc/shakehook/shakehook.toml'), '--listen', '127.0.0.1:1'], { encoding: 'utf8', env: cleanEnvironment() });
  assert.match(checked.stderr, /no server answers at 127\.0\.0\.1:1/);
});

const skipUnit = spawnSync('systemd-analyze', ['--version']).status === 0 ? false : 'systemd is not installed';

test('the systemd unit is understood, and leaves the server little to do harm with', { skip: skipUnit }, async (t) => {
  const folder = await temporaryFolder(t);
  const unit = path.join(folder, 'shakehook.service');
  const text = readFileSync(path.join(root, 'packaging/systemd/shakehook.service'), 'utf8');
  execFileSync('sh', ['-c', 'cat >"$0"', unit], { input: text.replaceAll('/usr/bin/shakehook', program).replace(/^Documentation=.*\n/m, '') });
  const verified = spawnSync('systemd-analyze', ['verify', '--man=no', unit], { encoding: 'utf8' });
  assert.equal(verified.stderr.split('\n').filter((line) => line.includes('shakehook')).join('\n'), '');
  const judged = spawnSync('systemd-analyze', ['security', '--offline=true', '--no-pager', '--threshold=20', unit], { encoding: 'utf8' });
  assert.equal(judged.status, 0, judged.stdout + judged.stderr);
});

// YAML as its readers read it; Ruby has a parser with it.
const skipYaml = spawnSync('ruby', ['-e', 'require "yaml"']).status === 0 ? false : 'ruby is not installed';
const yaml = (file) => JSON.parse(execFileSync('ruby', ['-ryaml', '-rjson', '-e', 'puts JSON.generate(YAML.load_stream(File.read(ARGV[0])))', path.join(root, 'packaging', file)], { encoding: 'utf8' }));

test('the Kubernetes manifest: one pod, no rights, probes of routes and settings that there are', { skip: skipYaml }, async (t) => {
  const documents = yaml('kubernetes/shakehook.yaml');
  const of = (kind) => documents.find((each) => each.kind === kind);
  const { replicas, template, selector, volumeClaimTemplates } = of('StatefulSet').spec;
  assert.equal(replicas, 1);
  assert.deepEqual(template.metadata.labels, selector.matchLabels);
  assert.deepEqual(of('Service').spec.selector, selector.matchLabels);
  const [container] = template.spec.containers;
  assert.deepEqual(container.securityContext, { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
  assert.equal(template.spec.securityContext.runAsUser, 65532);
  const server = await Shakehook.start(t);
  for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
    assert.equal((await fetch(server.url + container[probe].httpGet.path)).status, 200, probe);
    assert.equal(container[probe].httpGet.port, container.ports[0].name);
  }
  const mounted = container.volumeMounts.map(({ name }) => name);
  assert.deepEqual(mounted.toSorted?.() ?? [...mounted].sort(), [volumeClaimTemplates[0].metadata.name, template.spec.volumes[0].name].sort());
  // The program takes these settings.
  const folder = await temporaryFolder(t);
  const settings = path.join(folder, 'shakehook.toml');
  execFileSync('sh', ['-c', 'cat >"$0"', settings], { input: of('ConfigMap').data['shakehook.toml'] });
  const checked = spawnSync(program, ['healthcheck', '--config', settings, '--listen', '127.0.0.1:1'], { encoding: 'utf8', env: cleanEnvironment() });
  assert.match(checked.stderr, /no server answers/);
});

test('the compose file: no rights, a proxy that waits for the server, variables that are settings', { skip: skipYaml }, () => {
  const [{ services, networks, volumes }] = yaml('compose/compose.yaml');
  const { shakehook, caddy } = services;
  assert.equal(shakehook.read_only, true);
  assert.deepEqual(shakehook.cap_drop, ['ALL']);
  assert.equal(caddy.depends_on.shakehook.condition, 'service_healthy');
  assert.ok(networks.front.ipam.config[0].subnet && 'shakehook' in volumes);
  const variables = Object.fromEntries(Object.entries(shakehook.environment).map(([name, value]) => [name, value.replace(/\$\{[^}]*\}/, 'hooks.example.com')]));
  assert.equal(variables.SHAKEHOOK_TRUSTED_PROXY, `${caddy.networks.front.ipv4_address}/32`);
  const checked = spawnSync(program, ['healthcheck', '--listen', '127.0.0.1:1'], { encoding: 'utf8', env: { ...cleanEnvironment(), ...variables } });
  assert.match(checked.stderr, /no server answers/);
});

test('Traefik and Litestream: files that are YAML, and name what the package makes', { skip: skipYaml }, () => {
  const [traefik] = yaml('proxies/traefik.yaml');
  assert.equal(traefik.http.services.shakehook.loadBalancer.servers[0].url, 'http://127.0.0.1:8080');
  assert.equal(traefik.http.services.shakehook.loadBalancer.healthCheck.path, '/readyz');
  const [litestream] = yaml('litestream/litestream.yml');
  const settings = readFileSync(path.join(root, 'packaging/deb/shakehook.toml'), 'utf8');
  assert.ok(settings.includes(`database = "sqlite:${litestream.dbs[0].path}"`));
});

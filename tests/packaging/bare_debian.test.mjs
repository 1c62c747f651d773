// The Debian package on bare systems, made by debootstrap: installed, started as its unit says, upgraded with data in it,
// removed, installed again, purged. It takes root, a network to Debian's archive, and minutes: ./dev test --all.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { ApiClient } from '../harness/api_client.mjs';
import { eventually } from '../harness/eventually.mjs';
import { freePort } from '../harness/free_port.mjs';
import { cleanEnvironment, Process, program, root, temporaryFolder } from '../harness/shakehook.mjs';

const archive = 'http://deb.debian.org/debian';
const kept = path.join(root, 'build/bare_debian');
const build = path.dirname(program);
const skip = ['debootstrap', 'unshare', 'setpriv'].every((command) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0)
  && process.getuid() === 0 ? false : 'needs root, debootstrap, unshare and setpriv';

// A bare system of the release, as a tar file that the next run takes too.
function bareSystem(release) {
  const file = path.join(kept, `${release}.tar`);
  if (existsSync(file)) return file;
  mkdirSync(kept, { recursive: true });
  const folder = path.join(kept, `${release}.making`);
  rmSync(folder, { recursive: true, force: true });
  execFileSync('debootstrap', ['--variant=minbase', release, folder, archive], { stdio: ['ignore', 'ignore', 'pipe'] });
  execFileSync('tar', ['--create', '--directory', folder, '--exclude=./var/cache/apt/archives/*.deb', '--exclude=./var/lib/apt/lists/*', '--file', `${file}.making`, '.']);
  rmSync(folder, { recursive: true });
  renameSync(`${file}.making`, file);
  return file;
}

class Machine {
  constructor(folder) {
    this.folder = folder;
    this.at = (file) => path.join(folder, file);
  }

  // In the system's root with processes and mounts of its own; the network is this machine's.
  wrap(...command) {
    const enter = 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" "$@"';
    return ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--propagation', 'private', 'sh', '-c', enter, this.folder, ...command];
  }

  run(...command) {
    const [file, ...args] = this.wrap(...command);
    const ran = spawnSync(file, args, { encoding: 'utf8', env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', DEBIAN_FRONTEND: 'noninteractive' } });
    assert.equal(ran.status, 0, `${command.join(' ')}\n${ran.stdout}${ran.stderr}`);
    return ran.stdout;
  }

  install(deb) {
    execFileSync('cp', [deb, this.at('package.deb')]);
    return this.run('dpkg', '-i', '/package.deb');
  }

  // Does what systemd does for the unit, as far as a chroot can.
  async start(t) {
    const unit = readFileSync(this.at('usr/lib/systemd/system/shakehook.service'), 'utf8');
    const value = (key) => unit.match(new RegExp(`^${key}=(.*)$`, 'm'))[1];
    const [file, ...args] = this.wrap('setpriv', `--reuid=${value('User')}`, `--regid=${value('Group')}`, '--clear-groups', '--no-new-privs', '--bounding-set=-all',
      'sh', '-c', `cd ${value('WorkingDirectory')} && umask ${value('UMask')} && exec ${value('ExecStart')}`);
    const server = new Process(file, args, { env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin' } });
    t.after(() => server.end('SIGKILL'));
    await server.says(/is ready/);
    return server;
  }

  async stop(server) {
    // `unshare` hands no signal on; the program is found by its name within.
    execFileSync('sh', ['-c', 'kill -TERM $(cat /proc/$0/task/$0/children)', `${server.child.pid}`]);
    await server.exit;
  }
}

function packageOf(version, folder) {
  return execFileSync('bash', ['packaging/deb/build.sh', folder], { cwd: root, encoding: 'utf8', env: cleanEnvironment({ SHAKEHOOK_BUILD: build, SHAKEHOOK_DEB_VERSION: version }) }).trim();
}

for (const release of ['bookworm', 'trixie']) {
  test(`a bare Debian ${release}: install, upgrade, remove, purge`, { skip, timeout: 900_000 }, async (t) => {
    const folder = await temporaryFolder(t);
    const machine = new Machine(path.join(folder, 'system'));
    mkdirSync(machine.folder);
    execFileSync('tar', ['--extract', '--directory', machine.folder, '--file', bareSystem(release)]);
    const [older, newer] = ['0.0.1', '0.0.2'].map((version) => packageOf(version, folder));

    machine.install(older);
    assert.match(machine.run('getent', 'passwd', 'shakehook'), /:\/var\/lib\/shakehook:\/usr\/sbin\/nologin$/m);
    assert.equal(machine.run('stat', '-c', '%U:%G %a', '/var/lib/shakehook').trim(), 'shakehook:shakehook 700');
    assert.ok(statSync(machine.at('etc/shakehook/shakehook.toml')).isFile());
    assert.match(machine.run('ls', '/etc/systemd/system/multi-user.target.wants'), /shakehook\.service/);

    const port = await freePort();
    const settings = machine.at('etc/shakehook/shakehook.toml');
    const mine = readFileSync(settings, 'utf8').replace('127.0.0.1:8080', `127.0.0.1:${port}`);
    writeFileSync(settings, mine);
    let server = await machine.start(t);
    const api = new ApiClient(`http://127.0.0.1:${port}`, readFileSync(machine.at('var/lib/shakehook/admin.key'), 'utf8').trim());
    await api.venue();
    await api.contact({ id: 'c1', first_name: 'John' });
    assert.equal(machine.run('shakehook', 'healthcheck', '--config', '/etc/shakehook/shakehook.toml'), 'ready\n');
    await machine.stop(server);

    machine.install(newer);
    assert.equal(readFileSync(settings, 'utf8'), mine, 'what was changed by hand stays');
    server = await machine.start(t);
    assert.equal((await api.get('/api/venues/venue123/contacts/c1')).first_name, 'John');
    await machine.stop(server);

    machine.run('dpkg', '-r', 'shakehook');
    assert.ok(!existsSync(machine.at('usr/bin/shakehook')));
    assert.ok(existsSync(machine.at('var/lib/shakehook/shakehook.db')) && existsSync(machine.at('var/lib/shakehook/master.key')));
    machine.run('getent', 'passwd', 'shakehook');

    machine.install(newer);
    server = await machine.start(t);
    assert.equal((await api.get('/api/venues/venue123/contacts/c1')).first_name, 'John');
    await machine.stop(server);

    machine.run('dpkg', '-P', 'shakehook');
    for (const place of ['var/lib/shakehook', 'etc/shakehook', 'usr/bin/shakehook', 'usr/share/doc/shakehook']) assert.ok(!existsSync(machine.at(place)), place);
    assert.doesNotMatch(machine.run('cat', '/etc/passwd'), /^shakehook:/m);
    assert.equal(machine.run('find', '/etc', '/var/lib', '-name', '*shakehook*').trim(), '');
  });
}

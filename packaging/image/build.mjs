// Makes the OCI image of the release build, without a daemon: an archive that `docker load`, `podman load` and
// `skopeo copy oci-archive:` take. In it are the program, the C library that it was built with, the certificate
// authorities and a user; no shell, nothing else.
//
// usage: node packaging/image/build.mjs FOLDER     prints the path of what it made there
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [output] = process.argv.slice(2);
const user = 65532;
const home = '/var/lib/shakehook';
const authorities = '/etc/ssl/certs/ca-certificates.crt';

const packaging = (script) => execFileSync('bash', ['-euo', 'pipefail', '-c', `source packaging/files.sh; ${script}`], { cwd: root, encoding: 'utf8' }).trim();
const [version, architecture, epoch] = packaging('echo "$version $(architecture) $SOURCE_DATE_EPOCH"').split(' ');
const commit = execFileSync('git', ['-C', root, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
const created = new Date(Number(epoch) * 1000).toISOString();
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

// The loader and the libraries that the program names, and what CSV files of old encodings take.
function copyCLibrary(program, tree) {
  const copy = (file, as = file) => {
    mkdirSync(path.dirname(tree + as), { recursive: true });
    cpSync(realpathSync(file), tree + as);
  };
  const loader = execFileSync('readelf', ['-l', program], { encoding: 'utf8' }).match(/interpreter: (\S+)\]/)[1];
  const listed = execFileSync('ldd', [program], { encoding: 'utf8' });
  copy(loader);
  const libraries = [...listed.matchAll(/=> (\/\S+)/g)].map(([, file]) => file);
  for (const file of libraries) copy(file, path.join('/usr', realpathSync(path.dirname(file)).replace(/^\/usr/, ''), path.basename(file)));
  const folder = path.dirname(realpathSync(libraries[0]));
  const conversions = path.join(folder, 'gconv');
  if (existsSync(conversions)) cpSync(conversions, tree + conversions, { recursive: true });
}

function makeTree(tree) {
  const installed = mkdtempSync(path.join(tmpdir(), 'shakehook-installed-'));
  execFileSync('bash', ['-euo', 'pipefail', '-c', 'source packaging/files.sh; install_files "$1"', 'sh', installed], { cwd: root });
  const program = path.join(installed, 'bin/shakehook');
  mkdirSync(`${tree}/usr/bin`, { recursive: true });
  cpSync(program, `${tree}/usr/bin/shakehook`);
  copyCLibrary(program, tree);
  rmSync(installed, { recursive: true });
  mkdirSync(path.dirname(tree + authorities), { recursive: true });
  cpSync(authorities, tree + authorities, { dereference: true });
  mkdirSync(tree + home, { recursive: true });
  mkdirSync(`${tree}/tmp`);
  writeFileSync(`${tree}/etc/passwd`, `shakehook:x:${user}:${user}:Shakehook:${home}:/sbin/nologin\n`);
  writeFileSync(`${tree}/etc/group`, `shakehook:x:${user}:\n`);
  for (const name of ['LICENSE', 'THIRD_PARTY_NOTICES.txt']) {
    mkdirSync(`${tree}/usr/share/doc/shakehook`, { recursive: true });
    cpSync(path.join(root, name), `${tree}/usr/share/doc/shakehook/${name}`);
  }
}

// The layer: all of root but the folder of the data, which is the user's.
function makeLayer(tree, file) {
  const script = `
    common=(--sort=name --format=ustar --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --directory "$1")
    tar --create "\${common[@]}" --owner=0 --group=0 --mode=u+rwX,go+rX,go-w --exclude=".${home}" --file "$2.tar" .
    tar --append "\${common[@]}" --owner=${user} --group=${user} --mode=700 --file "$2.tar" ".${home}"
    gzip -n -9 <"$2.tar" >"$2"
    rm "$2.tar"`;
  execFileSync('bash', ['-euo', 'pipefail', '-c', script, 'sh', tree, file], { env: { ...process.env, SOURCE_DATE_EPOCH: epoch } });
}

const work = mkdtempSync(path.join(tmpdir(), 'shakehook-image-'));
try {
  const blobs = `${work}/layout/blobs/sha256`;
  mkdirSync(blobs, { recursive: true });
  const addBlob = (bytes, mediaType) => {
    const digest = sha256(bytes);
    writeFileSync(`${blobs}/${digest}`, bytes);
    return { mediaType, digest: `sha256:${digest}`, size: bytes.length };
  };
  const addJson = (value, mediaType) => addBlob(Buffer.from(JSON.stringify(value)), mediaType);

  mkdirSync(`${work}/tree`);
  makeTree(`${work}/tree`);
  makeLayer(`${work}/tree`, `${work}/layer.tar.gz`);
  const layerBytes = readFileSync(`${work}/layer.tar.gz`);
  const layer = addBlob(layerBytes, 'application/vnd.oci.image.layer.v1.tar+gzip');
  const labels = {
    'org.opencontainers.image.title': 'shakehook',
    'org.opencontainers.image.version': version,
    'org.opencontainers.image.revision': commit,
    'org.opencontainers.image.created': created,
    'org.opencontainers.image.licenses': 'Apache-2.0',
  };
  const config = addJson({
    created,
    architecture,
    os: 'linux',
    config: {
      User: `${user}:${user}`,
      Entrypoint: ['/usr/bin/shakehook'],
      Cmd: ['serve'],
      // All interfaces of the container; which of them the world reaches, the host says.
      Env: ['SHAKEHOOK_LISTEN=0.0.0.0:8080', `SHAKEHOOK_DATABASE=sqlite:${home}/shakehook.db`],
      WorkingDir: home,
      Volumes: { [home]: {} },
      ExposedPorts: { '8080/tcp': {} },
      StopSignal: 'SIGTERM',
      Labels: labels,
      // Docker's and Podman's; OCI leaves it to them. Times in nanoseconds.
      Healthcheck: { Test: ['CMD', '/usr/bin/shakehook', 'healthcheck'], Interval: 10e9, Timeout: 6e9, StartPeriod: 60e9, Retries: 3 },
    },
    rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(gunzipSync(layerBytes))}`] },
    history: [{ created, created_by: 'packaging/image/build.mjs' }],
  }, 'application/vnd.oci.image.config.v1+json');
  const manifest = addJson({
    schemaVersion: 2, mediaType: 'application/vnd.oci.image.manifest.v1+json', config, layers: [layer], annotations: labels,
  }, 'application/vnd.oci.image.manifest.v1+json');
  const name = `shakehook:${version}`;
  const write = (file, value) => writeFileSync(`${work}/layout/${file}`, JSON.stringify(value));
  write('oci-layout', { imageLayoutVersion: '1.0.0' });
  write('index.json', {
    schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [{
      ...manifest, platform: { architecture, os: 'linux' },
      annotations: { 'org.opencontainers.image.ref.name': version, 'io.containerd.image.name': `docker.io/library/${name}` },
    }],
  });
  // For a `docker load` that does not know the layout of OCI.
  const place = ({ digest }) => `blobs/sha256/${digest.replace('sha256:', '')}`;
  write('manifest.json', [{ Config: place(config), RepoTags: [name], Layers: [place(layer)] }]);

  mkdirSync(output, { recursive: true });
  const file = path.join(output, `shakehook-${version}-${architecture}.oci.tar`);
  execFileSync('tar', ['--create', '--sort=name', '--format=ustar', '--owner=0', '--group=0', '--numeric-owner', `--mtime=@${epoch}`,
    '--mode=u+rwX,go+rX,go-w', '--directory', `${work}/layout`, '--file', file, '.']);
  statSync(file);
  console.log(file);
} finally {
  rmSync(work, { recursive: true });
}

// Prints the software bill of materials of a program, as CycloneDX 1.5 JSON.
//
// usage: node sbom.mjs PROGRAM
// The time in it is that of the commit, or SOURCE_DATE_EPOCH, so that one commit always makes the same file.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { components } from './components.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [program] = process.argv.slice(2);
const [, version, commit] = execFileSync(program, ['--version'], { encoding: 'utf8' }).match(/^shakehook (\S+) \(([^,]+),/);
const epoch = process.env.SOURCE_DATE_EPOCH ?? execFileSync('git', ['-C', root, 'log', '-1', '--format=%ct'], { encoding: 'utf8' });
const sha256 = createHash('sha256').update(readFileSync(program)).digest('hex');

const licensesOf = (license) => (/ (WITH|AND|OR) |^\(/.test(license) ? [{ expression: license }] : [{ license: { id: license } }]);

// The format wants every reference to be unique; one npm package may be there twice in one version.
const unique = [...new Map(components().map((component) => [component.purl, component])).values()];
const listed = unique.map(({ name, version: of, license, source, purl }) => ({
  type: 'library', 'bom-ref': purl, name, version: of, licenses: licensesOf(license), purl,
  externalReferences: [{ type: 'website', url: source }],
}));
const self = `pkg:generic/shakehook@${version}`;
const bom = {
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  version: 1,
  metadata: {
    timestamp: new Date(Number(epoch) * 1000).toISOString(),
    component: {
      type: 'application', 'bom-ref': self, name: 'shakehook', version, purl: self, licenses: [{ license: { id: 'Apache-2.0' } }],
      hashes: [{ alg: 'SHA-256', content: sha256 }], properties: [{ name: 'commit', value: commit }],
    },
  },
  components: listed,
  dependencies: [{ ref: self, dependsOn: listed.map((each) => each['bom-ref']) }],
};
process.stdout.write(`${JSON.stringify(bom, null, 2)}\n`);

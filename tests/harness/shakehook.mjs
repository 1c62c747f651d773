// The program under test: started as a user starts it, on a free port, with its data in a folder of its own.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { ApiClient } from './api_client.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
export const program = process.env.TESTED_PROGRAM ?? path.join(root, 'build/release/shakehook');

const readyMsMax = 20_000;
const exitMsMax = 30_000;

// Loopback and http:// are open, and a retry comes soon and without chance.
export const quickFlags = {
  'allow-target': '127.0.0.0/8', 'allow-http-targets': true, 'retry-base': '100ms', 'retry-factor': 1, 'retry-jitter': 0,
};

// A flag that is an array is given once for each of its values.
function commandLine(flags) {
  const given = Object.entries(flags).flatMap(([name, value]) => [value].flat().map((each) => [name, each]));
  return given.flatMap(([name, value]) => (value === true ? [`--${name}`] : [`--${name}`, `${value}`]));
}

export async function temporaryFolder(test) {
  const folder = await mkdtemp(path.join(tmpdir(), 'shakehook-'));
  test?.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

// A process with all that it says. `exit` resolves to {code, signal}.
export class Process {
  constructor(command, args, options = {}) {
    this.output = '';
    this.errors = '';
    this.child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    this.child.stdout?.setEncoding('utf8').on('data', (text) => { this.output += text; });
    this.child.stderr?.setEncoding('utf8').on('data', (text) => { this.errors += text; });
    this.running = true;
    this.exit = new Promise((resolve, reject) => {
      this.child.on('error', (error) => {
        this.running = false;
        this.errors += `${error.message}\n`;
        reject(error);
      });
      this.child.on('close', (code, signal) => {
        this.running = false;
        resolve({ code, signal });
      });
    });
    this.exit.catch(() => {});
  }

  // The match of what it prints, once it does.
  async says(pattern, msMax = readyMsMax) {
    const end = Date.now() + msMax;
    for (;;) {
      const match = this.output.match(pattern);
      if (match) return match;
      if (!this.running) throw new Error(`it ended without saying ${pattern}:\n${this.output}${this.errors}`);
      if (Date.now() > end) throw new Error(`it did not say ${pattern} in ${msMax} ms:\n${this.output}${this.errors}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async end(signal = 'SIGTERM') {
    this.asked = true;
    if (this.running) this.child.kill(signal);
    const timer = setTimeout(() => this.child.kill('SIGKILL'), exitMsMax);
    try {
      return await this.exit;
    } finally {
      clearTimeout(timer);
    }
  }
}

export function run(...args) {
  return new Process(program, args, { env: cleanEnvironment() });
}

// Returns an environment without variables that would change the program's settings.
export function cleanEnvironment(extra = {}) {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('SHAKEHOOK_'));
  return { ...Object.fromEntries(kept), ...extra };
}

export class Shakehook {
  // Options: `folder` (else a new one), `flags` by their names, `environment`, `port`. `test` may be null: then the
  // caller ends it.
  static async start(test, { folder, flags = quickFlags, environment = {}, port = 0 } = {}) {
    const server = new Shakehook();
    server.folder = folder ?? await temporaryFolder(test);
    await mkdir(server.folder, { recursive: true });
    server.database = path.join(server.folder, 'shakehook.db');
    server.flags = flags;
    server.environment = environment;
    test?.after(() => server.endOfTest());
    await server.launch(port);
    return server;
  }

  async launch(port = 0) {
    this.process = new Process(
      program,
      ['serve', '--listen', `127.0.0.1:${port}`, '--database', `sqlite:${this.database}`, ...commandLine(this.flags)],
      { cwd: this.folder, env: cleanEnvironment(this.environment) },
    );
    await this.settle(port);
  }

  // Waits until the process that was launched is ready.
  async settle(port = 0) {
    await this.process.says(/^ +API +(http\S+)\/api$/m);
    await this.process.says(/is ready/);
    // With --public-url the printed address is another than the one that is listened on.
    this.url = this.process.output.match(/^ +API +(http\S+)\/api$/m)[1];
    if ('public-url' in this.flags) this.url = `http://127.0.0.1:${port}`;
    this.adminKey = this.environment.SHAKEHOOK_ADMIN_KEY ?? (await readFile(path.join(this.folder, 'admin.key'), 'utf8')).trim();
    this.api = new ApiClient(this.url, this.adminKey);
  }

  // A test whose server died of itself has failed, whatever it found.
  async endOfTest() {
    const died = !this.process.running && !this.process.asked;
    const { code, signal } = await this.process.end('SIGKILL');
    if (died) throw new Error(`the server died: exit ${code}, signal ${signal}\n${this.process.errors.slice(-4000)}`);
  }

  // Ends as an operator ends it.
  stop() { return this.process.end('SIGTERM'); }
  // Ends as a power cut ends it, as far as a process can tell.
  kill() { return this.process.end('SIGKILL'); }

  async restart({ flags } = {}) {
    if (this.process.running) await this.stop();
    if (flags) this.flags = flags;
    await this.launch();
  }
}

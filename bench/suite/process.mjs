// Child processes of a run: started, waited for, and ended with it.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';

const running = new Set();

export function stopAll() {
  for (const child of running) child.kill('SIGTERM');
}

// Starts a program whose output goes to `log`.
export function start(program, args, { log, env } = {}) {
  const output = log ? fs.openSync(log, 'w') : 'ignore';
  const child = spawn(program, args, { stdio: ['ignore', output, output], env: { ...process.env, ...env } });
  if (log) fs.closeSync(output);
  running.add(child);
  child.ended = new Promise((resolve) => child.on('exit', (code, signal) => {
    running.delete(child);
    resolve(code ?? signal);
  }));
  child.on('error', (error) => { throw error; });
  return child;
}

export async function stop(child, signal = 'SIGTERM') {
  child.kill(signal);
  await child.ended;
}

// Runs a program to its end; answers what it wrote to stdout. `input`: a file for its stdin.
export function run(program, args, { input, env } = {}) {
  return new Promise((resolve, reject) => {
    const stdin = input ? fs.openSync(input, 'r') : 'ignore';
    const child = spawn(program, args, { stdio: [stdin, 'pipe', 'pipe'], env: { ...process.env, ...env } });
    if (input) fs.closeSync(stdin);
    running.add(child);
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (piece) => { output += piece; });
    child.stderr.setEncoding('utf8').on('data', (piece) => { errors += piece; });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      running.delete(child);
      if (code === 0) resolve(output);
      else reject(new Error(`${program} ended with ${code ?? signal}: ${errors.slice(-2000)}`));
    });
  });
}

export const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

// Asks until `ready` answers something; what it throws counts as not yet.
export async function until(what, ready, { timeoutMs = 30_000, everyMs = 20 } = {}) {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const answer = await Promise.resolve().then(ready).catch(() => undefined);
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`${what} did not happen within ${timeoutMs / 1000} s`);
    await sleep(everyMs);
  }
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

const ticksPerSecond = 100;  // USER_HZ, which Linux fixes for all programs

// Returns what a process and its children have used so far.
export function usage(pid) {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  const number = (file, name) => Number(fs.readFileSync(`/proc/${pid}/${file}`, 'utf8')
    .match(new RegExp(`^${name}:\\s+(\\d+)`, 'm'))[1]);
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
    writtenBytes: number('io', 'write_bytes'),
    peakBytes: number('status', 'VmHWM') * 1024,
  };
}

// Returns how long a process's threads have had a processor, in ms: exact, where `usage` counts ticks. Threads that ended
// meanwhile are not counted.
export function processorMs(pid) {
  const threads = fs.readdirSync(`/proc/${pid}/task`);
  const ns = threads.map((thread) => Number(fs.readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]));
  return ns.reduce((sum, each) => sum + each, 0) / 1e6;
}

// From here on the peak counts anew.
export function resetPeak(pid) {
  fs.writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

// A process of Node's that is given commands, each by name and arguments, and answers them one by one.
import { fork } from 'node:child_process';

export class OtherProcess {
  // `file`: beside this one.
  constructor(file) {
    this.child = fork(new URL(file, import.meta.url), { execArgv: ['--no-memory-reducer'], serialization: 'advanced' });
    this.waiting = new Map();
    this.number = 0;
    this.child.on('message', ({ number, answer, error }) => {
      const { resolve, reject } = this.waiting.get(number);
      this.waiting.delete(number);
      if (error) reject(new Error(`${file}: ${error}`));
      else resolve(answer);
    });
    this.ended = new Promise((resolve) => { this.child.on('exit', resolve); });
    this.ended.then((code) => {
      for (const { reject } of this.waiting.values()) reject(new Error(`${file} ended (${code})`));
    });
  }

  ask(command, arguments_ = {}) {
    const number = this.number++;
    return new Promise((resolve, reject) => {
      this.waiting.set(number, { resolve, reject });
      this.child.send({ number, command, arguments_ });
    });
  }

  end() {
    this.child.kill('SIGKILL');
    return this.ended;
  }
}

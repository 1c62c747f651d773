// Counts what the processes of a system have used, its databases included.
import fs from 'node:fs';

const ticksPerSecond = 100;  // USER_HZ, which Linux fixes for all programs

// A process and all below it.
function family(pid) {
  let children;
  try {
    const tasks = fs.readdirSync(`/proc/${pid}/task`);
    children = tasks.flatMap((task) => fs.readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' '));
  } catch {
    return [pid];  // it has ended meanwhile
  }
  return [pid, ...children.filter(Boolean).flatMap((child) => family(Number(child)))];
}

function usageOf(pid) {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  // Its own, and that of its children that have ended.
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  const read = (file, name) => Number(fs.readFileSync(`/proc/${pid}/${file}`, 'utf8')
    .match(new RegExp(`^${name}:\\s+(\\d+)`, 'm'))?.[1] ?? 0);
  return { cpuSeconds: ticks / ticksPerSecond, writtenBytes: read('io', 'write_bytes'), bytes: read('smaps_rollup', 'Pss') * 1024 };
}

// Returns the sum over these processes and all below them.
export function usageOfFamilies(pids) {
  const sum = { cpuSeconds: 0, writtenBytes: 0, bytes: 0 };
  for (const pid of pids.flatMap(family)) {
    try {
      const one = usageOf(pid);
      for (const name of Object.keys(sum)) sum[name] += one[name];
    } catch {
      // It has ended meanwhile; its parent counts it.
    }
  }
  return sum;
}

// Returns the processor-seconds of this process's children that have ended: the load generators.
export function cpuSecondsOfEndedChildren() {
  const fields = fs.readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ');
  return (Number(fields[13]) + Number(fields[14])) / ticksPerSecond;
}

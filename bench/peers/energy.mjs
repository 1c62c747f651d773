// The energy that the machine's processors have taken, by RAPL, where the kernel lets this user read it. It is the whole
// machine's: the system, its databases, the receiver, the load, and whatever else runs.
import fs from 'node:fs';
import path from 'node:path';

// Opens the counter of each processor package; undefined where there is none, or where it may not be read (most virtual
// machines; most systems let only root read it). `root`: for tests.
export function openEnergy(root = '/sys/class/powercap') {
  let packages = [];
  try {
    packages = fs.readdirSync(root).filter((name) => /^intel-rapl:\d+$/.test(name)).map((name) => path.join(root, name));
    const read = (folder, file) => Number(fs.readFileSync(path.join(folder, file), 'utf8'));
    const ranges = packages.map((folder) => read(folder, 'max_energy_range_uj'));
    const readAll = () => packages.map((folder) => read(folder, 'energy_uj'));
    readAll();
    return packages.length > 0 ? { readAll, ranges } : undefined;
  } catch {
    return undefined;
  }
}

// Joules between two readings; a counter that went over its range is taken to have done so once.
export function joulesBetween(before, after, ranges) {
  return after.reduce((sum, value, i) => sum + (value >= before[i] ? value - before[i] : value + ranges[i] - before[i]), 0) / 1e6;
}

// The command line of ./dev bench peers.
import fs from 'node:fs';

const usageText = (binaries, names) => `usage: ./dev bench peers [NAME...] [--quick] [--runs=N] [--seconds=N] [--add]
                         ${binaries.map((name) => `[--${name}=PATH]`).join(' ')} [--build-river]

  NAME            ${names.join(', ')}; without names all that can run
  --quick         short runs: for a first look
  --runs=N        each system N times (1), in turn; the table shows minimum, median and maximum
  --seconds=N     how long each load lasts (15; with --quick 5)
  --add           adds to the runs in build/bench/peers.json instead of beginning again: for a machine that is quiet only
                  now and then
  --build-river   builds bench/peers/river with the Go that is on PATH, which downloads River from Go's module proxy

A program that is not given is listed as not run. docs/benchmarks.md says how the comparison is made.`;

// Returns {names, binaries, quick, runs, seconds, add, buildRiver}; ends the program with a message where an argument
// cannot be used. `binaries`: the systems whose program is given by path.
export function readArguments(args, { names, binaries }) {
  const options = { names: [], binaries: {}, quick: false, runs: 1, add: false, buildRiver: false };
  const refuse = (message) => {
    console.error(`./dev bench peers: ${message}\n\n${usageText(binaries, names)}`);
    process.exit(2);
  };
  for (const argument of args) {
    const [, flag, value] = argument.match(/^--([a-z-]+)(?:=(.*))?$/) ?? [];
    if (argument === 'help' || flag === 'help') {
      console.log(usageText(binaries, names));
      process.exit(0);
    } else if (['quick', 'add', 'build-river'].includes(flag) && value === undefined) {
      options[flag === 'build-river' ? 'buildRiver' : flag] = true;
    } else if (['runs', 'seconds'].includes(flag)) {
      if (!/^[1-9]\d{0,3}$/.test(value ?? '')) refuse(`--${flag} takes a whole number from 1 to 9999`);
      options[flag] = Number(value);
    } else if (binaries.includes(flag)) {
      if (!value || !fs.existsSync(value) || !fs.statSync(value).isFile()) refuse(`--${flag}: there is no program at ${value ?? '(no path)'}`);
      options.binaries[flag] = fs.realpathSync(value);
    } else if (flag === undefined && names.includes(argument)) {
      options.names.push(argument);
    } else {
      refuse(flag === undefined ? `there is no ${argument}` : `cannot use ${argument}`);
    }
  }
  options.seconds ??= options.quick ? 5 : 15;
  return options;
}

// All scenarios, by name. Each is {name, what, prepare?, parts?, attack}: `prepare` makes what the attack needs, before
// anything is measured; `attack` gets what `prepare` left in the context, a `client` that knows the end, and its part.
import { scenarios as bodies } from './bodies.mjs';
import { scenarios as configuration } from './configuration.mjs';
import { scenarios as records } from './records.mjs';
import { scenarios as sending } from './sending.mjs';
import { scenarios as walk } from './walk.mjs';

export const scenarios = [...bodies, ...configuration, ...records, ...sending, ...walk];

export function scenarioOf(name) { return scenarios.find((scenario) => scenario.name === name); }

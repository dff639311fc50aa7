/** Hostile inputs made from friendly ones. Everything follows from one seed, so that every failure can be repeated. */

/** Numbers in [0, 1); mulberry32. */
type RandomNumbers = () => number;

function randomNumbers(seed: number): RandomNumbers {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The seed of input `index` of a target: any input can be made again without those before it (FNV-1a). */
function seedOf(seed: number, name: string, index: number): number {
  let hash = 0x811c9dc5;
  for (const character of `${seed}/${name}/${index}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash >>> 0;
}

const encoder = new TextEncoder();

const numbers = [
  '0',
  '-0',
  '-1',
  '1e999',
  '-1e999',
  '1e-400',
  'NaN',
  'Infinity',
  '99999999999999999999999',
  '4294967296',
  '-2147483649',
  '0x1f',
  '.',
  '1.2.3',
  '１２',
  '',
].map((number) => encoder.encode(number));

const fragments = [
  '\n',
  '\r\n',
  '\t',
  '\0',
  ' ',
  ',',
  ':',
  '=',
  '"',
  "'",
  '\\',
  '{',
  '}',
  '[',
  ']',
  '#',
  '%',
  '$(x)',
  '__proto__',
  'constructor',
  '\u001b[31m',
  '\u202e',
  '\ufeff',
  '中文',
  '\ud83d\ude00',
].map((fragment) => encoder.encode(fragment));

const integers = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

type Mutation = (input: Uint8Array, random: RandomNumbers, seeds: readonly Uint8Array[]) => Uint8Array;

function below(random: RandomNumbers, limit: number): number {
  return Math.floor(random() * limit);
}

function pick<T>(random: RandomNumbers, from: readonly T[]): T {
  return from[below(random, from.length)] as T;
}

/** `input` with `length` bytes at `at` replaced by `insert`. */
function splice(input: Uint8Array, at: number, length: number, insert: Uint8Array): Uint8Array {
  const output = new Uint8Array(input.length - length + insert.length);
  output.set(input.subarray(0, at));
  output.set(insert, at);
  output.set(input.subarray(at + length), at + insert.length);
  return output;
}

function range(input: Uint8Array, random: RandomNumbers): [number, number] {
  const at = below(random, input.length + 1);
  const longest = random() < 0.9 ? 16 : input.length;
  return [at, below(random, Math.min(longest, input.length - at) + 1)];
}

function withByte(input: Uint8Array, random: RandomNumbers, change: (byte: number) => number): Uint8Array {
  if (input.length === 0) return Uint8Array.of(change(0) & 0xff);
  const output = input.slice();
  const at = below(random, input.length);
  output[at] = change(output[at] ?? 0);
  return output;
}

function lineAt(input: Uint8Array, random: RandomNumbers): [number, number] {
  const inside = below(random, input.length + 1);
  const start = inside === 0 ? 0 : input.lastIndexOf(10, inside - 1) + 1;
  const end = input.indexOf(10, inside);
  return [start, (end < 0 ? input.length : end + 1) - start];
}

function numberAt(input: Uint8Array, random: RandomNumbers): [number, number] | null {
  const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57;
  const from = below(random, input.length + 1);
  for (let at = from; at < input.length; at++) {
    if (!isDigit(input[at])) continue;
    let end = at;
    while (isDigit(input[end]) || input[end] === 46) end++;
    return [at, end - at];
  }
  return null;
}

const mutations: readonly Mutation[] = [
  (input, random) => withByte(input, random, (byte) => byte ^ (1 << below(random, 8))),
  (input, random) => withByte(input, random, () => below(random, 256)),
  (input, random) => withByte(input, random, () => pick(random, integers)),
  (input, random) => input.slice(0, below(random, input.length + 1)),
  (input, random) => input.slice(below(random, input.length + 1)),
  (input, random) => splice(input, ...range(input, random), new Uint8Array()),
  (input, random) => {
    const [at, length] = range(input, random);
    return splice(input, at, 0, input.subarray(at, at + length));
  },
  (input, random) => splice(input, below(random, input.length + 1), 0, pick(random, fragments)),
  (input, random) => {
    const number = numberAt(input, random);
    return number === null ? input : splice(input, ...number, pick(random, numbers));
  },
  (input, random) => {
    if (input.length < 4) return input;
    const output = input.slice();
    const view = new DataView(output.buffer);
    if (random() < 0.5) view.setUint16(below(random, input.length - 1), pick(random, integers) & 0xffff);
    else view.setUint32(below(random, input.length - 3), pick(random, integers));
    return output;
  },
  (input, random, seeds) => {
    const other = pick(random, seeds);
    const cut = other.subarray(below(random, other.length + 1));
    return splice(input, ...range(input, random), cut);
  },
  (input, random) => splice(input, ...lineAt(input, random), new Uint8Array()),
  (input, random) => {
    const [at, length] = lineAt(input, random);
    const to = lineAt(input, random)[0];
    return splice(input, to, 0, input.slice(at, at + length));
  },
  (input, random) => {
    // Long lines are what makes a careless regular expression quadratic; rare, since each costs much time.
    if (random() > 0.02) return input;
    const long = new Uint8Array(1 << (8 + below(random, 8)));
    long.fill(pick(random, [32, 48, 57, 65, 44, 34, 92, 46, 45, 9]));
    return splice(input, below(random, input.length + 1), 0, long);
  },
];

/** Input number `index`: a seed, one to eight times mutated. The first inputs are the seeds as they are. */
export function inputOf(seed: number, name: string, index: number, seeds: readonly Uint8Array[]): Uint8Array {
  const asIs = seeds[index];
  if (asIs !== undefined) return asIs.slice();
  const random = randomNumbers(seedOf(seed, name, index));
  let input: Uint8Array = pick(random, seeds).slice();
  for (let left = 1 + below(random, 8); left > 0; left--) {
    input = pick(random, mutations)(input, random, seeds);
  }
  return input.length > 262_144 ? input.slice(0, 262_144) : input;
}

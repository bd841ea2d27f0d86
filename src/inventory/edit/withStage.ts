import type { NewStage } from './stageSplices';

type Plain = Readonly<Record<string, unknown>>;

/** Plain data as it is after a stage was written at a path of it; maps that are not there are added. Maps have no prototype. */
export function withStage(data: Plain, [key = '', ...below]: readonly string[], next: NewStage): Plain {
  const value = data[key];
  const changed = below.length === 0 ? bare(next) : withStage(isMap(value) ? value : bare({}), below, next);
  return bare({ ...data, [key]: changed });
}

function bare(entries: object): Plain {
  return Object.assign(Object.create(null) as Record<string, unknown>, entries);
}

function isMap(value: unknown): value is Plain {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

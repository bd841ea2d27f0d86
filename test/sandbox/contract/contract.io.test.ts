import { ACTIONS } from '../../../src/sandbox/api/callApi';
import { type Findings, runContract } from './contractRun';
import { PAGED_CALLS } from './pagesRun';
import { MODELS } from './serviceModel';
import { VALID_CALLS } from './validCalls';

const OPERATIONS = Object.values(MODELS).flatMap((model) =>
  Object.keys(ACTIONS[model.service]).map((operation) => ({ model, operation })),
);

describe("The contract of AWS's service models", () => {
  let findings: Findings;
  beforeAll(async () => {
    findings = await runContract();
  });

  it('is tested by a valid call of each operation', () => {
    const called = new Set(VALID_CALLS.map(({ service, operation }) => `${service}:${operation}`));
    const all = OPERATIONS.map(({ model, operation }) => `${model.service}:${operation}`);
    expect(all.filter((operation) => !called.has(operation))).toEqual([]);
  });

  it('is tested by the pages of each operation that has pages', () => {
    const called = PAGED_CALLS.map(({ service, operation }) => `${service}:${operation}`);
    const paged = OPERATIONS.filter(({ model, operation }) => model.pagesOf(operation) !== undefined);
    expect(paged.map(({ model, operation }) => `${model.service}:${operation}`).sort()).toEqual(called.sort());
  });

  it('is tested by the routes of the models', () => {
    const bare = (route: string) => route.replace(/\{\w+\}/g, '{}');
    const routes = OPERATIONS.flatMap(({ model, operation }) => {
      const { http } = model.operation(operation);
      const route = ACTIONS[model.service][operation]?.route;
      return [[operation, route && bare(route), http && bare(http.slice(0, 2).join(' '))]];
    });
    expect(routes.filter(([, ours, theirs]) => ours !== theirs)).toEqual([]);
  });

  it('is kept by every answer', () => {
    const found = findings.violations.map(({ operation, message }) => `${operation}: ${message}`);
    expect([...new Set(found)].sort()).toEqual([]);
  });

  it('is tested by more than a thousand answers', () => {
    expect(findings.answers).toBeGreaterThan(1000);
  });
});

export { APPLY_STAGE } from '../remedies';

/** The commands that show and apply stacks, a line each. cdktf applies a stack only together with those that it depends on: name them too. */
export function applyCommands(stacks: readonly string[]): string[] {
  return [
    ...stacks.map((stack) => `npx cdktf plan ${stack}`),
    ...(stacks.length > 0 ? [`npx cdktf apply ${stacks.join(' ')}`] : []),
  ];
}

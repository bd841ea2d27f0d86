/** The sentence that leads to the commands of an apply. */
export const APPLY_STAGE = 'See what differs, and apply the stage that the inventory has:';

/** The commands that show and apply stacks, a line each. cdktf applies a stack only together with those that it depends on: name them too. */
export function applyCommands(stacks: readonly string[]): string[] {
  return [
    ...stacks.map((stack) => `npx cdktf plan ${stack}`),
    ...(stacks.length > 0 ? [`npx cdktf apply ${stacks.join(' ')}`] : []),
  ];
}

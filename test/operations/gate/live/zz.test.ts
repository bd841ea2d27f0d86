import { inventoryAt, startLive } from './liveWorld';
it('x', async () => {
  const log: string[] = [];
  const t = async <T>(n: string, f: () => Promise<T>) => { const a = Date.now(); const r = await f(); log.push(`${n} ${Date.now()-a}`); return r; };
  for (let i = 0; i < 3; i++) {
  const inv = inventoryAt('irsa');
  const live = await t('start', () => startLive(inv));
  await t('apply', () => live.apply(inv));
  await t('deploy', () => live.deploy());
  await t('gate', () => live.gate(inv));
  await t('gate', () => live.gate(inv));
  await t('kubectl', () => live.kubectl('get pods'));
  await t('stop', () => live.stop());
  }
  process.stdout.write(log.join('\n') + '\n');
});

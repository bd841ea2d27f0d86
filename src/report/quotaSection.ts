import { NEAR, type QuotaHeadroom, shareOf } from './headroom';
import type { Section, Tone } from './Page';
import type { Report } from './Report';

/** How near roles, clusters and accounts are to the quotas of AWS. */
export function quotaSection({ quotas }: Report): Section {
  return {
    id: 'quotas',
    title: 'Quota headroom',
    lead: `The greatest use of each quota, and every use of at least ${NEAR * 100} %. Counted is what the inventory has: an account can have other roles.`,
    blocks: [
      {
        kind: 'table',
        caption: 'Use of quotas, the nearest first',
        columns: [
          { head: 'quota' },
          { head: 'of', holds: 'sentences' },
          { head: 'used', align: 'right' },
          { head: 'quota is', align: 'right' },
          { head: 'share', align: 'right' },
          { head: 'AWS raises it to', align: 'right' },
          { head: 'others use less', align: 'right' },
        ],
        rows: quotas
          .filter(({ used }) => used > 0)
          .map((one) => [
            one.what,
            one.whose,
            grouped(one.used),
            grouped(one.limit),
            { text: `${Math.floor(shareOf(one) * 100)} %`, ...toneOf(one) },
            one.most === undefined ? 'no' : grouped(one.most),
            one.others === 0 ? '-' : grouped(one.others),
          ]),
        empty: 'Nothing here counts for a quota.',
      },
    ],
  };
}

function toneOf(use: QuotaHeadroom): { readonly tone?: Tone } {
  const share = shareOf(use);
  if (share > 1) return { tone: 'bad' };
  return share >= NEAR ? { tone: 'warning' } : {};
}

const NUMBERS = new Intl.NumberFormat('en-GB');

function grouped(number: number): string {
  return NUMBERS.format(number);
}

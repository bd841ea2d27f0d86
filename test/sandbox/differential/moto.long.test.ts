import { compareWithMoto } from './compare';
import { EXPECTED, linesOf, MOTO_VERSION } from './expected';
import { motoVersion } from './startMoto';

const version = motoVersion();

describe('The sandbox, compared with moto', () => {
  if (version === undefined) {
    it.skip('cannot be compared: python3 has no moto.server (pip install "moto[server]")', () => undefined);
    return;
  }

  let found: readonly string[];
  beforeAll(async () => {
    const differences = await compareWithMoto();
    found = differences.flatMap(({ call, lines }) => lines.map((line) => `${call}: ${line}`));
  });

  // Another version of moto can differ elsewhere: a failure shows the versions.
  const versions = { moto: version, writtenFor: MOTO_VERSION };
  const listed = new Set(EXPECTED.flatMap(linesOf));

  it('differs only where a reason is listed', () => {
    const unexpected = found.filter((line) => !listed.has(line));
    expect({ ...versions, unexpected }).toEqual({ ...versions, unexpected: [] });
  });

  it('still differs wherever a reason is listed', () => {
    const all = new Set(found);
    const gone = [...listed].filter((line) => !all.has(line));
    expect({ ...versions, gone }).toEqual({ ...versions, gone: [] });
  });
});

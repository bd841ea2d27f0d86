import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DOCTOR_CHECKS } from '../../../src/operations/doctor/DoctorCheck';
import { DOCTOR_TABLE } from '../../../src/operations/doctor/doctorTable';

const PAGE = readFileSync(join(__dirname, '../../../docs/DOCTOR.md'), 'utf8');

describe('the table of the doctor', () => {
  it('has every check once, in the order of the names', () => {
    expect(DOCTOR_TABLE.map(({ check }) => check)).toEqual(DOCTOR_CHECKS);
  });

  it('lets a check come only after earlier ones', () => {
    DOCTOR_TABLE.forEach(({ after }, index) => {
      const earlier = DOCTOR_CHECKS.slice(0, index);
      for (const check of after) expect(earlier).toContain(check);
    });
  });

  it('stands in docs/DOCTOR.md as it is in the code', () => {
    const rows = PAGE.split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
    expect(rows).toEqual(
      DOCTOR_TABLE.map(({ check, asks, explains, after }) => [
        `\`${check}\``,
        asks,
        explains,
        after.map((one) => `\`${one}\``).join(', ') || '-',
      ]),
    );
  });
});

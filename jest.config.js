/** @type {import('jest').Config} */
const common = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  setupFiles: ['<rootDir>/test/plainOutput.ts'],
  transform: {
    '^.+\\.[tj]sx?$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  // These packages are published as ES modules only, which jest's CommonJS runtime cannot load untransformed.
  transformIgnorePatterns: ['/node_modules/(?!(jose)/)'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/cdktf.out', '<rootDir>/.podlift'],
};

/**
 * The end of a file's name says which command runs the file (docs/TESTING.md).
 * @type {import('jest').Config}
 */
module.exports = {
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: ['\\.(io|long)\\.test\\.ts$'],
      testEnvironment: '<rootDir>/test/PureEnvironment.ts',
    },
    { ...common, displayName: 'io', testMatch: ['**/*.io.test.ts'] },
    { ...common, displayName: 'long', testMatch: ['**/*.long.test.ts'] },
  ],
  // Ends only a test that hangs: a busy machine needs many times as long as a quiet one.
  testTimeout: 15 * 60_000,
  // The end-to-end tests wait for Terraform half of their time: one worker less than there are cores would leave a core idle.
  maxWorkers: '100%',
};

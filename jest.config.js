/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  setupFiles: ['<rootDir>/test/plainOutput.ts'],
  transform: {
    '^.+\\.[tj]sx?$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  // These packages are published as ES modules only, which jest's CommonJS runtime cannot load untransformed.
  transformIgnorePatterns: ['/node_modules/(?!(jose)/)'],
  modulePathIgnorePatterns: ['<rootDir>/cdktf.out', '<rootDir>/.podlift'],
  testTimeout: 30_000,
  // The end-to-end tests wait for Terraform half of their time: one worker less than there are cores would leave a core idle.
  maxWorkers: '100%',
};

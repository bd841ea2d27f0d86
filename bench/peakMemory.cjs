// Preloaded into a measured process: writes the peak of its resident memory, in KiB, into the file that PEAK_MEMORY_FILE names.
process.on('exit', () => {
  require('node:fs').writeFileSync(process.env.PEAK_MEMORY_FILE, String(process.resourceUsage().maxRSS));
});

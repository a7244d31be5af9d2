// What one login costs when nothing runs beside it: the same on every machine.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export async function instructions(at) {
  // Status 1 is a login that became dearer: the table says so.
  const { stdout } = await run(join(at.programs, 'login_instructions')).catch((error) => {
    if (error.code !== 1 || !error.stdout) throw error;
    return error;
  });
  const rows = stdout.split('\n\n')[0].trim();
  return `## Instructions and allocations

Of one request in user mode, of all threads, one at a time (so that every commit has one row); see
[instructions](../README.md#instructions).

\`\`\`
${rows}
\`\`\``;
}

// Leaves in the lock what an installation needs: no address, and nothing that npm itself calls extraneous.
const fs = require('fs');

const lock = JSON.parse(fs.readFileSync('package-lock.json'));
for (const [place, entry] of Object.entries(lock.packages)) {
  delete entry.funding;
  if (entry.extraneous) delete lock.packages[place];
}
fs.writeFileSync('package-lock.json', JSON.stringify(lock, null, 2) + '\n');

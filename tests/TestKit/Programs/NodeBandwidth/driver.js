// Calls functions of the vendor's library as they are asked for on standard input, one JSON object a line, and prints what came of each.
'use strict';
const Bandwidth = require('node-bandwidth');
const client = new Bandwidth(JSON.parse(process.argv[2]));

require('readline').createInterface({ input: process.stdin }).on('line', async line => {
  const { id, name, args } = JSON.parse(line);
  try {
    const [group, operation] = name.split('.');
    const value = await client[group][operation](...args);
    console.log(JSON.stringify({ id, value: value === undefined ? null : value }));
  } catch (e) {
    console.log(JSON.stringify({ id, error: e.message || String(e), status: e.statusCode || 0 }));
  }
});
console.log('ready');

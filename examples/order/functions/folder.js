// Where the shop keeps its papers, and how a paper is written once however often the task runs.
'use strict';
const fs = require('node:fs');
const path = require('node:path');

const data = process.env.PAWL_EXAMPLES_DATA || path.resolve(__dirname, '../../../build/examples');

// Writes folder/name unless it is there; a reader never sees half a file.
function writeOnce(folder, name, text) {
  const target = path.join(data, 'order', folder, name);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  const draft = `${target}.${process.pid}.part`;
  fs.writeFileSync(draft, text);
  try {
    fs.linkSync(draft, target);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  } finally {
    fs.unlinkSync(draft);
  }
  return target;
}

module.exports = { writeOnce };

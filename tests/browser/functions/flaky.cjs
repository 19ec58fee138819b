// Fails at first, succeeds when it is asked again.
'use strict';
class Again extends Error { name = 'Again'; }
let calls = 0;
exports.handler = async () => {
  console.log(`call ${++calls}`);
  if (calls % 2 === 1) throw new Again('not this time');
  return calls;
};

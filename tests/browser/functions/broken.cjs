// Always fails.
'use strict';
exports.handler = async () => {
  console.log('about to break <script>window.hacked=1</script>');
  throw new Error('it is <b>broken</b>');
};

// Puts an e-mail into the outbox folder.
'use strict';
const { writeOnce } = require('./folder.js');

const letters = {
  confirmation: (order) => ({ subject: `Your order ${order}`, body: 'Thank you! We are packing it now.' }),
  cancellation: (order, why) => ({ subject: `Your order ${order} is cancelled`, body: `We are sorry: ${why}. You pay nothing.` }),
};

exports.handler = async ({ order_id: order, to, letter, reason }) => {
  const { subject, body } = letters[letter](order, reason);
  writeOnce('outbox', `${order}-${letter}.eml`, `To: ${to}\nSubject: ${subject}\n\n${body}\n`);
  return { to, subject };
};

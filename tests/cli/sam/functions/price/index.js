exports.handler = async (event) => ({ amount: event.pieces * 1.5 });

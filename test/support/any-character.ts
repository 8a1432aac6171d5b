import fc from 'fast-check';

const surrogates = { from: 0xd8_00, count: 0x8_00 };

/** A character of Unicode, every second one of ASCII. The unit `binary` of fast-check takes most of a second to build. */
export const anyCharacter = fc
  .oneof(fc.nat({ max: 0x7f }), fc.nat({ max: 0x10_ff_ff - surrogates.count }))
  .map((index) => String.fromCodePoint(index < surrogates.from ? index : index + surrogates.count));

/** What a place is called, as a heading. */
export { placeName as placeTitle } from '../state/place-name.ts';

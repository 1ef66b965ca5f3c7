import { acousticStyles } from './styles-acoustic.ts';
import { electronicStyles } from './styles-electronic.ts';

export const styles = { ...electronicStyles, ...acousticStyles };

export type StyleName = keyof typeof styles;

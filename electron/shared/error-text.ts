/**
 * The words for every error code: what happened, and what the reader can do. Shared by the window, the
 * local web app and the command line, so that one failure is told the same way everywhere.
 */
import type { ErrorCode, WireError } from './errors.ts';

export interface ErrorText {
  /** A few words for lists and headings: "Damaged file". */
  readonly title: string;
  /** What happened and what to do, in whole sentences. */
  readonly advice: string;
}

const texts: { readonly [Code in ErrorCode]: ErrorText } = {
  'bad-request': {
    title: 'Request refused',
    advice: 'Something that was sent does not have the expected form. Check what was entered.',
  },
  'unknown-request': {
    title: 'Request not known',
    advice: 'The parts of Cratewise are of different versions. Quit it everywhere and start it again.',
  },
  'not-found': {
    title: 'Not there',
    advice: 'It is no longer in the library. It may have been removed a moment ago.',
  },
  cancelled: { title: 'Cancelled', advice: 'It was stopped before it was finished. Nothing is lost.' },
  conflict: {
    title: 'Not possible now',
    advice:
      'It does not fit the present state: the name may be taken, or a file of this name exists already.',
  },
  'query-invalid': {
    title: 'Search not understood',
    advice: 'Put quotes around text that is to be found as it stands.',
  },
  'untrusted-sender': {
    title: 'Sender refused',
    advice: 'The request did not come from Cratewise itself and was not answered.',
  },
  internal: {
    title: 'A defect in Cratewise',
    advice:
      'This is a fault of the program, not yours. Your files are untouched. Try again; the log has the details.',
  },
  'library-held': {
    title: 'Library in use',
    advice: 'Another Cratewise has this library open. Close it there, or use that one.',
  },
  'database-newer': {
    title: 'Library of a newer version',
    advice: 'The library was written by a newer Cratewise. Update this one; nothing was changed.',
  },
  'database-damaged': {
    title: 'Library damaged',
    advice: 'The library file cannot be read. Restore the newest backup from the backups folder beside it.',
  },
  'folder-not-found': {
    title: 'Folder not found',
    advice: 'There is no folder at this place. Check the spelling, and that its drive is connected.',
  },
  'folder-not-readable': {
    title: 'Folder not readable',
    advice: 'You have no permission to read this folder. Change its permissions, then scan again.',
  },
  'folder-nested': {
    title: 'Folder overlaps',
    advice: 'It lies inside, or around, a folder that is in the library already. Remove that one first.',
  },
  'folder-offline': {
    title: 'Folder offline',
    advice: 'Its drive is away. Connect it; tracks, playlists and results are kept meanwhile.',
  },
  'watch-limit': {
    title: 'Too many folders to watch',
    advice:
      'The system limits how many folders can be watched, so some changes are seen only at the next scan. On Linux, raise fs.inotify.max_user_watches.',
  },
  'disk-full': {
    title: 'Disk full',
    advice: 'Make room on the drive, then try again. Nothing half-written is left.',
  },
  'export-failed': {
    title: 'Export failed',
    advice: 'The file could not be written. Choose a folder where you may write.',
  },
  'import-failed': {
    title: 'Import failed',
    advice: 'Nothing was taken over. Export the file again from the program it comes from.',
  },
  'file-not-found': {
    title: 'File not found',
    advice: 'The file is gone or its drive is away. Put it back, or scan the folder again.',
  },
  'file-not-readable': {
    title: 'File not readable',
    advice: 'You have no permission to read this file, or its drive has errors. Check both, then retry.',
  },
  'file-empty': {
    title: 'Empty file',
    advice: 'The file holds no data. Fetch it again from where it came from, or delete it.',
  },
  'file-changing': {
    title: 'Still being copied',
    advice: 'The file changed while it was read. Retry when the copy is finished.',
  },
  'file-name-not-utf8': {
    title: 'File name in an old encoding',
    advice:
      'The name is not valid UTF-8, so changes to this file are seen only at a scan. Renaming it helps.',
  },
  'file-type-mismatch': {
    title: 'Not an audio file',
    advice:
      'By its name it should be audio, but its content is something else. Check what it is, or delete it.',
  },
  'file-encrypted': {
    title: 'Copy-protected',
    advice:
      'The file is encrypted and can be opened only by the shop’s own player. Get a copy without protection.',
  },
  'file-no-audio': {
    title: 'No sound inside',
    advice: 'The file can be opened, but it holds no audio track.',
  },
  'file-corrupt': {
    title: 'Damaged file',
    advice: 'The audio cannot be decoded. Rip or fetch the file again, then retry.',
  },
  'file-truncated': {
    title: 'Cut-off file',
    advice: 'The file ends too early, perhaps from a broken copy or download. Fetch it again, then retry.',
  },
  'file-unsupported': {
    title: 'Format not supported',
    advice: 'This codec or channel layout cannot be decoded. Convert the file to FLAC or MP3.',
  },
  'file-too-short': {
    title: 'Too short to analyse',
    advice: 'There are only a few seconds of sound, too little to tell a genre. It can be played and listed.',
  },
  'file-changed': {
    title: 'File changed meanwhile',
    advice:
      'It is no longer the file that was looked at, so nothing was written. Scan it, then review it again.',
  },
  'file-read-only': {
    title: 'File is read-only',
    advice:
      'You may not write this file or its folder. Change the permissions, then try again; it is unharmed.',
  },
  'file-in-use': {
    title: 'File in use',
    advice:
      'It is playing, or another program holds it. It is written when it is free; until then it is unharmed.',
  },
  'tags-damaged': {
    title: 'Tags damaged',
    advice:
      'The tags cannot be read without doubt, so nothing was written and the file is unharmed. Repair them with a tag editor first.',
  },
  'tags-unsupported': {
    title: 'Tags cannot be written',
    advice: 'Cratewise does not write this kind of file, or this value into it. The file is unharmed.',
  },
  'tags-not-verified': {
    title: 'Writing was stopped by its check',
    advice:
      'The new file was not exactly what it should be, so it was thrown away and the file is unharmed. The log has the details.',
  },
  'tags-conflict': {
    title: 'Changed since it was written',
    advice: 'The file no longer holds what Cratewise wrote, so it was left as it is.',
  },
  'analysis-crashed': {
    title: 'Decoder crashed',
    advice: 'The decoder failed on this file, twice. The file is probably damaged; everything else went on.',
  },
  'analysis-timeout': {
    title: 'Took too long',
    advice: 'The analysis was stopped because it did not come to an end. The file is probably damaged.',
  },
  'analysis-out-of-memory': {
    title: 'Not enough memory',
    advice: 'The analysis of this file needed more memory than there is. Close other programs, then retry.',
  },
  'model-missing': {
    title: 'Genre model missing',
    advice: 'The model’s files are not where they belong. Install Cratewise again; the library is kept.',
  },
  'model-damaged': {
    title: 'Genre model damaged',
    advice: 'The model’s files do not match their checksums. Install Cratewise again; the library is kept.',
  },
  'model-incompatible': {
    title: 'Genre model does not fit',
    advice: 'The model was made for another version of Cratewise. Use the one that came with it.',
  },
};

/** The words for a code. */
export function errorText(code: ErrorCode): ErrorText {
  return texts[code];
}

/** One paragraph about a failure: the title, what exactly (the detail, when there is one), and what to do. */
export function describeError(error: WireError): string {
  const { title, advice } = errorText(error.code);
  const detail = error.detail.trim();
  if (detail === '') return `${title}. ${advice}`;
  return `${title}: ${/[.!?…]$/u.test(detail) ? detail : `${detail}.`} ${advice}`;
}

import type { ScannedSubject } from '../audit/scanned-subject.ts';

/** Where a scan leaves what it found. */
export interface ReportSink {
  /** A scan starts; whatever an earlier one did not end is void. */
  begin(): void;
  /** The subject as it is now. The scan waits for it, so that nothing piles up. */
  write(subject: ScannedSubject): Promise<void>;
  /** Complete: whatever was not written since `begin` is not there any more. */
  end(complete: boolean): Promise<void>;
}

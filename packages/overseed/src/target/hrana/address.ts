export interface HranaAddress {
  /** `https://host` or `http://host:port`, no trailing slash. */
  readonly baseUrl: string;
  /** What people see: the host. */
  readonly label: string;
  readonly token: string | undefined;
  /** Name of the variable that holds the token, for messages. */
  readonly tokenVariable: string;
}

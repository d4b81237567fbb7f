"""What happened with a contribution, as its author may know it: never who decided, never what is only proposed."""

/* empty.c - what starting any program costs, to measure the others against. */
int
main(void)
{
	return 0;
}

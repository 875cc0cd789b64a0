script pin.ozml
keys 7319@3s

  0.000  Request: POST http://app.test/ivr/script NotificationName=IncomingCall&CallId=02Al26WS&CallerID=%2B3615550100&CallerDisplayName=%C3%81gnes+%26+Co&Dialed=%2B3615550199&ApiExtension=900
  0.000  Answered: the call is answered
  0.000  Hears: "Enter your four digit code."
  3.000  Key: 7
  3.200  Key: 3
  3.400  Key: 1
  3.600  Key: 9
  3.600  Request: POST http://app.test/ivr/pin.php?Lang=en&step=1 NotificationName=DtmfEntered&CallId=02Al26WS&DtmfDigits=7319&CallerID=%2B3615550100&Dialed=%2B3615550199&ApiExtension=900
  3.600  Error: 300 Error occured during parsing message: 'HTTP 404'
  3.600  Ended: the script hangs up: end of script
